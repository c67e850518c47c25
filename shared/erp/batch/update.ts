import type { AssociateNo } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import type { Job } from './collector.ts';
import type { Columns } from '../associates/columns.ts';
import { columnName, readWritten, updateDocument } from '../associates/documents.ts';
import type { ErpError } from '../http/erp-error.ts';
import type { Pass } from '../limits/gate.ts';
import type { Filter } from '../associates/selectors.ts';
import { isolate } from './isolate.ts';
import { readAll, type ReadDeps } from '../associates/read.ts';
import { failureOf, type Answer } from '../http/reply.ts';
import { holds, toErasure, toInput, type Input } from '../associates/rows.ts';
import type { Operation } from '../http/transport.ts';
import type { AssociateRow, BeforeSend, RowValues, WriteOutcome } from '../associates/types.ts';
import { sendBatch, type BatchKind } from './send.ts';
import { confirmed, settleLost, type WholeDeps } from './whole.ts';

const OPERATION = 'associate_update';

export interface UpdateDeps extends ReadDeps, WholeDeps<Update> {}

export interface Update {
  readonly associateNo: AssociateNo;
  readonly values: RowValues;
  /** Columns that are never read are emptied too. */
  readonly isErasure: boolean;
  readonly beforeSend: BeforeSend;
  readonly columns: Columns;
  /** What the row must still hold in these columns. */
  readonly expected?: RowValues | undefined;
}
export type UpdateJob = Job<Update, WriteOutcome>;

/**
 * Sends the changes as one mutation and settles every one of them. A row that comes back proves its update only when the
 * request had no error: a refused row comes back with the values it had before. Rows without proof are read again: absent
 * is `gone`, equal is `written`, and the rest is sent again in smaller requests until the bad ones stand alone.
 */
export function runUpdates(deps: UpdateDeps, jobs: readonly UpdateJob[], pass?: Pass): Promise<void> {
  const kind: BatchKind<Update> = {
    operation: OPERATION,
    request: (columns, sent) => requestFor(deps.company, columns, sent),
    settle: (columns, sent, answer) => settle(deps, columns, sent, answer),
  };
  return sendBatch(deps, kind, jobs, pass);
}

function requestFor(company: number, columns: Columns, jobs: readonly UpdateJob[]): Operation {
  const key = columnName(columns, 'associateNo');
  return {
    name: OPERATION,
    isJudged: true,
    document: updateDocument(columns),
    variables: {
      company,
      filters: jobs.map(({ input }) => filterOf(columns, key, input)),
      values: jobs.map(({ input }) => inputOf(columns, input)),
    },
  };
}

const inputOf = (columns: Columns, { isErasure, values }: Update): Input =>
  isErasure ? toErasure(columns, values) : toInput(columns, values);

/** Whether the row shows that the update was stored; of what is never read it shows nothing. */
const isProved = (columns: Columns, row: AssociateRow, { isErasure, values }: Update): boolean =>
  !isErasure && holds(columns, row, values);

/** The row, and where something is expected of it, only while it holds that. */
function filterOf(columns: Columns, key: string, { associateNo, expected = {} }: Update): Filter {
  const row = { [key]: { _eq: associateNo } };
  const held = Object.entries(toInput(columns, expected)).map(([column, value]) => ({ [column]: { _eq: value } }));
  return held.length === 0 ? row : { _and: [row, ...held] };
}

async function settle(
  deps: UpdateDeps,
  columns: Columns,
  sent: readonly UpdateJob[],
  answer: Answer,
): Promise<readonly (readonly UpdateJob[])[]> {
  const { errors, traceId } = answer;
  const echoed = errors.length === 0 ? await unlessUnreadable(async () => readWritten(answer.fields['update'])) : [];
  const echoOf = (job: UpdateJob, rows: readonly AssociateRow[]) =>
    rows.find((row) => row.associateNo === job.input.associateNo);
  const unproved: UpdateJob[] = [];
  for (const job of sent) {
    const row = echoed instanceof Failure ? undefined : echoOf(job, echoed);
    if (row === undefined) unproved.push(job);
    else job.resolve({ kind: 'written', row });
  }
  if (unproved.length === 0) return [];

  const selectors = unproved.map(({ input }) => ({ associateNo: input.associateNo }));
  const stored = await unlessUnreadable(() => readAll(deps, columns, selectors));
  const missed: UpdateJob[] = [];
  if (stored instanceof Failure) {
    await settleLost(deps, { operation: OPERATION, columns, jobs: unproved, failure: stored });
    return [];
  }
  for (const job of unproved) {
    const row = echoOf(job, stored);
    if (row === undefined) job.resolve({ kind: 'gone' });
    else if (errors.length === 0 && isAnother(columns, row, job.input)) job.resolve({ kind: 'changed' });
    // Sent alone and answered without an error: this is what the ERP made of it.
    else if (
      isProved(columns, row, job.input) ||
      (errors.length === 0 && sent.length === 1 && job.input.expected === undefined)
    ) {
      job.resolve({ kind: 'written', row });
    } else missed.push(job);
  }
  // The row is as expected and the filter did not see it: how the ERP compares is not known in every detail.
  const unseen = errors.length === 0 ? missed.filter(({ input }) => input.expected !== undefined) : [];
  const unguarded = unseen.map((job) => ({ ...job, input: { ...job.input, expected: undefined } }));
  const others = missed.filter((job) => !unseen.includes(job));
  const errorOf = (job: UpdateJob): ErpError | undefined => errors.find(({ row }) => row === sent.indexOf(job));
  const verdict = isolate(sent, others, (job) => errorOf(job) !== undefined);
  await Promise.all(
    verdict.refused.map(async (job) =>
      job.reject(await confirmed(deps, OPERATION, columns, refusal(errorOf(job) ?? errors[0], job, traceId))),
    ),
  );
  return unguarded.length > 0 ? [...verdict.again, unguarded] : verdict.again;
}

/** Somebody has changed the row in what was expected of it, to what is not wanted either. */
function isAnother(columns: Columns, row: AssociateRow, { values, expected }: Update): boolean {
  return expected !== undefined && !holds(columns, row, values) && !holds(columns, row, expected);
}

async function unlessUnreadable(
  read: () => Promise<readonly AssociateRow[]>,
): Promise<readonly AssociateRow[] | Failure> {
  try {
    return await read();
  } catch (error) {
    return error instanceof Failure ? error : new Failure('bug.unexpected');
  }
}

function refusal(error: ErpError | undefined, job: UpdateJob, traceId: string | undefined): Failure {
  const failure = failureOf(error, traceId);
  const aboutNumbers = failure.code === 'erp.number-in-use' || failure.code === 'erp.number-interval-full';
  if (!aboutNumbers || (failure.code === 'erp.number-in-use' && job.input.values.customerNo !== undefined))
    return failure;
  return new Failure('erp.row-refused', failure.details);
}
