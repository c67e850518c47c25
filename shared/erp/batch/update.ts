import type { AssociateNo } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import type { Job } from './collector.ts';
import type { Columns } from '../associates/columns.ts';
import { columnName, readWritten, updateDocument } from '../associates/documents.ts';
import type { ErpError } from '../http/erp-error.ts';
import type { Pass } from '../limits/gate.ts';
import { allowanceFor, isolate, type Allowance } from './isolate.ts';
import { permitted } from './permission.ts';
import { readAll, type ReadDeps } from '../associates/read.ts';
import { failureOf, type Answer } from '../http/reply.ts';
import { holds, toErasure, toInput, type Input } from '../associates/rows.ts';
import type { Operation } from '../http/transport.ts';
import type { AssociateRow, BeforeSend, RowValues, WriteOutcome } from '../associates/types.ts';
import { confirmed, settleLost, settleRefused, type WholeDeps } from './whole.ts';

const OPERATION = 'associate_update';

export interface UpdateDeps extends ReadDeps, WholeDeps<Update> {}

export interface Update {
  readonly associateNo: AssociateNo;
  readonly values: RowValues;
  /** Columns that are never read are emptied too. */
  readonly isErasure: boolean;
  readonly beforeSend: BeforeSend;
  readonly columns: Columns;
}
export type UpdateJob = Job<Update, WriteOutcome>;

/**
 * Sends the changes as one mutation and settles every one of them. A row that comes back proves its update only when the
 * request had no error: a refused row comes back with the values it had before. Rows without proof are read again: absent
 * is `gone`, equal is `written`, and the rest is sent again in smaller requests until the bad ones stand alone.
 */
export async function runUpdates(
  deps: UpdateDeps,
  jobs: readonly UpdateJob[],
  pass?: Pass,
  allowance: Allowance = allowanceFor(jobs.length),
): Promise<void> {
  const columns = jobs[0]?.input.columns;
  if (columns === undefined) return;
  let sent: readonly UpdateJob[] = jobs;
  try {
    const entered = pass ?? (await deps.transport.enter());
    const reply = await deps.transport.send(entered, async () => {
      sent = await permitted(sent);
      return sent.length === 0 ? undefined : requestFor(deps.company, columns, sent);
    });
    if (reply === undefined) return;
    if (reply.kind === 'answered') {
      await settle(deps, columns, sent, reply.answer, allowance);
      return;
    }
    const whole = { operation: OPERATION, columns, jobs: sent, failure: reply.failure };
    if (reply.kind === 'lost') await settleLost(deps, whole);
    else await settleRefused(deps, whole, allowance, (group) => runUpdates(deps, group, undefined, allowance));
  } catch (error) {
    for (const job of sent) job.reject(error);
  }
}

function requestFor(company: number, columns: Columns, jobs: readonly UpdateJob[]): Operation {
  const key = columnName(columns, 'associateNo');
  return {
    name: OPERATION,
    isJudged: true,
    document: updateDocument(columns),
    variables: {
      company,
      filters: jobs.map(({ input }) => ({ [key]: { _eq: input.associateNo } })),
      values: jobs.map(({ input }) => inputOf(columns, input)),
    },
  };
}

const inputOf = (columns: Columns, { isErasure, values }: Update): Input =>
  isErasure ? toErasure(columns, values) : toInput(columns, values);

/** Whether the row shows that the update was stored; of what is never read it shows nothing. */
const isProved = (columns: Columns, row: AssociateRow, { isErasure, values }: Update): boolean =>
  !isErasure && holds(columns, row, values);

async function settle(
  deps: UpdateDeps,
  columns: Columns,
  sent: readonly UpdateJob[],
  answer: Answer,
  allowance: Allowance,
): Promise<void> {
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
  if (unproved.length === 0) return;

  const selectors = unproved.map(({ input }) => ({ associateNo: input.associateNo }));
  const stored = await unlessUnreadable(() => readAll(deps, columns, selectors));
  const missed: UpdateJob[] = [];
  if (stored instanceof Failure) {
    await settleLost(deps, { operation: OPERATION, columns, jobs: unproved, failure: stored });
    return;
  }
  for (const job of unproved) {
    const row = echoOf(job, stored);
    if (row === undefined) job.resolve({ kind: 'gone' });
    // Sent alone and answered without an error: this is what the ERP made of it.
    else if (isProved(columns, row, job.input) || (errors.length === 0 && sent.length === 1)) {
      job.resolve({ kind: 'written', row });
    } else missed.push(job);
  }
  const errorOf = (job: UpdateJob): ErpError | undefined => errors.find(({ row }) => row === sent.indexOf(job));
  const verdict = isolate(sent, missed, (job) => errorOf(job) !== undefined);
  await Promise.all(
    verdict.refused.map(async (job) =>
      job.reject(await confirmed(deps, OPERATION, columns, refusal(errorOf(job) ?? errors[0], job, traceId))),
    ),
  );
  await runGroups(deps, verdict.again, new Failure('erp.unknown', { detail: 'the bad row was not found' }), allowance);
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

async function runGroups(
  deps: UpdateDeps,
  groups: readonly (readonly UpdateJob[])[],
  otherwise: Failure,
  allowance: Allowance,
): Promise<void> {
  for (const group of groups) {
    allowance.left -= 1;
    if (allowance.left >= 0) await runUpdates(deps, group, undefined, allowance);
    else for (const job of group) job.reject(otherwise);
  }
}
