import { Failure } from '../../failure.ts';
import type { Columns } from '../associates/columns.ts';
import { byPart, type CreateJob } from './create-request.ts';
import { readWritten } from '../associates/documents.ts';
import type { ErpError } from '../http/erp-error.ts';
import type { Answer } from '../http/reply.ts';
import type { AssociateRow } from '../associates/types.ts';

export interface CreateAnswer {
  readonly proved: readonly (readonly [CreateJob, AssociateRow])[];
  readonly unproved: readonly CreateJob[];
  /** Why nothing can be said about the rows without proof: rows were stored that cannot be told apart. */
  readonly unreadable?: Failure;
  /** An error names its row, but by the field's name and not its alias: of several parts it may be in any. */
  readonly isAmbiguous: boolean;
  /** The error that names the row, else one that names its field or none. */
  readonly errorOf: (job: CreateJob) => ErpError | undefined;
  readonly traceId?: string;
}

const FIELD = 'associate_create';

/**
 * Which rows the answer proves to be stored: by echoed external id, never by position. Without an external id there is
 * one row in the request, and a row that comes back is it.
 *
 * A row that comes back with another external id than was sent (a short column) is recognised by its name; it counts as
 * written, so that its link is saved, and the difference is the caller's to see.
 */
export function proveCreated(columns: Columns, sent: readonly CreateJob[], answer: Answer): CreateAnswer {
  const proved: (readonly [CreateJob, AssociateRow])[] = [];
  const unproved: CreateJob[] = [];
  const errors = new Map<CreateJob, ErpError>();
  let unreadable: Failure | undefined;
  const parts = byPart(sent);

  for (const [part, jobs] of parts) {
    const own = answer.errors.filter(
      ({ field }) => field === part || (parts.length === 1 && (field === undefined || field === FIELD)),
    );
    jobs.forEach((job, index) => {
      const error = own.find(({ row }) => row === index) ?? generalError(own) ?? generalError(answer.errors);
      if (error !== undefined) errors.set(job, error);
    });
    const rows = rowsOf(answer.fields[part]);
    if (rows instanceof Failure) {
      unreadable = rows;
      unproved.push(...jobs);
      continue;
    }
    const strange = rows.filter((row) => !jobs.some((job) => isEcho(columns, job, row)));
    for (const job of jobs) {
      const row = rows.find((each) => isEcho(columns, job, each)) ?? alteredEcho(job, jobs, strange);
      if (row === undefined) unproved.push(job);
      else proved.push([job, row]);
    }
    const named = new Set(proved.map(([, row]) => row));
    const left = strange.filter((row) => !named.has(row));
    if (left.length > 0) {
      unreadable = new Failure('erp.external-id-changed', { candidates: left.map((row) => row.associateNo) });
    }
  }
  return {
    proved,
    unproved,
    isAmbiguous: parts.length > 1 && answer.errors.some(({ field }) => field === FIELD),
    errorOf: (job) => errors.get(job),
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(answer.traceId === undefined ? {} : { traceId: answer.traceId }),
  };
}

function generalError(errors: readonly ErpError[]): ErpError | undefined {
  return (
    errors.find(({ row, field }) => row === undefined && field === undefined) ??
    errors.find(({ row }) => row === undefined)
  );
}

function rowsOf(field: unknown): readonly AssociateRow[] | Failure {
  try {
    return readWritten(field);
  } catch (error) {
    return error instanceof Failure ? error : new Failure('bug.unexpected');
  }
}

function isEcho(columns: Columns, job: CreateJob, row: AssociateRow): boolean {
  return columns.by.externalId === undefined || row.externalId === job.input.row.values.externalId;
}

/** The only strange row with this name, when this is the only row sent with it. */
function alteredEcho(
  job: CreateJob,
  jobs: readonly CreateJob[],
  strange: readonly AssociateRow[],
): AssociateRow | undefined {
  const nameOf = (each: CreateJob) => each.input.row.values.name?.reveal() ?? '';
  const { externalId = '' } = job.input.row.values;
  const namesakes = jobs.filter((each) => nameOf(each) === nameOf(job));
  const rows = strange.filter((row) => row.name.reveal() === nameOf(job) && externalId.startsWith(row.externalId));
  return namesakes.length === 1 && rows.length === 1 ? rows[0] : undefined;
}
