import type { Job } from './collector.ts';
import type { Columns } from '../associates/columns.ts';
import { createDocument, type CreatePart } from '../associates/documents.ts';
import { toInput, withSuggestedNumber, type Input } from '../associates/rows.ts';
import type { Operation } from '../http/transport.ts';
import type { BeforeSend, NewRow, WriteOutcome } from '../associates/types.ts';

export interface Create {
  readonly row: NewRow;
  readonly beforeSend: BeforeSend;
  readonly columns: Columns;
}
export type CreateJob = Job<Create, WriteOutcome>;

export interface Interval {
  readonly from: number;
  readonly to: number;
}

const PARTS: readonly CreatePart[] = ['numbered', 'unnumbered', 'contacts'];

function partOf({ kind, values }: NewRow): CreatePart {
  if (kind === 'contact') return 'contacts';
  return values.customerNo !== undefined && values.customerNo > 0 ? 'numbered' : 'unnumbered';
}

/** The rows of each part, in the order they stand in the request: an error's `values/<n>` counts in it. */
export function byPart(jobs: readonly CreateJob[]): readonly (readonly [CreatePart, readonly CreateJob[]])[] {
  return PARTS.map((part) => [part, jobs.filter(({ input }) => partOf(input.row) === part)] as const).filter(
    ([, rows]) => rows.length > 0,
  );
}

/** One mutation for all rows: a field each for customers with a number, customers to be numbered, and contacts. */
export function requestFor(
  company: number,
  columns: Columns,
  jobs: readonly CreateJob[],
  interval: Interval | undefined,
): Operation {
  const parts = byPart(jobs);
  const present = parts.map(([part]) => part);
  const suggests = interval !== undefined && columns.suggestsNumbers && present.includes('unnumbered');
  return {
    name: 'associate_create',
    isJudged: true,
    document: createDocument(columns, present, suggests ? interval : undefined),
    variables: {
      company,
      ...Object.fromEntries(parts.map(([part, rows]) => [part, rows.map((job) => input(job, part))])),
    },
  };

  function input({ input: { row } }: CreateJob, part: CreatePart): Input {
    const { customerNo, ...unnumbered } = row.values;
    const numbered = customerNo !== undefined && customerNo > 0;
    const values = toInput(columns, numbered ? row.values : unnumbered, row.kind);
    return part === 'unnumbered' && !suggests ? withSuggestedNumber(columns, values) : values;
  }
}
