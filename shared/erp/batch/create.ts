import { Failure } from '../../failure.ts';
import type { Columns } from '../associates/columns.ts';
import { proveCreated, type CreateAnswer } from './create-answer.ts';
import { byPart, requestFor, type Create, type CreateJob, type Interval } from './create-request.ts';
import type { Pass } from '../limits/gate.ts';
import { isolate } from './isolate.ts';
import { readAll, type ReadDeps } from '../associates/read.ts';
import { failureOf } from '../http/reply.ts';
import { assertSendable } from '../associates/rows.ts';
import type { AssociateRow, NewRow } from '../associates/types.ts';
import { sendBatch, type BatchKind } from './send.ts';
import { confirmed, settleLost, type WholeDeps } from './whole.ts';

const OPERATION = 'associate_create';

export interface CreateDeps extends ReadDeps, WholeDeps<Create> {
  /** NXT_CUSTOMER_NUMBER_FROM … TO */
  readonly interval?: Interval;
}

/**
 * Sends the rows as one mutation and settles every one of them:
 * - proved by its echoed external id: `written`;
 * - no answer: `lost`, and nobody looks here, since the create may still be running;
 * - refused as a whole although the ERP takes others: taken apart, until the row that is the cause stands alone;
 * - answered without proof: looked up by external id; found is `written`, and only rows found absent are sent again, in
 *   smaller requests, until the bad ones stand alone with their errors.
 */
export function runCreates(deps: CreateDeps, jobs: readonly CreateJob[], pass?: Pass): Promise<void> {
  const kind: BatchKind<Create> = {
    operation: OPERATION,
    request: (columns, sent) => requestFor(deps.company, columns, sent, deps.interval),
    settle: async (columns, sent, reply) => {
      const answer = proveCreated(columns, sent, reply);
      for (const [job, row] of answer.proved) job.resolve({ kind: 'written', row });
      return answer.unproved.length === 0 ? [] : settleRest(deps, columns, sent, answer);
    },
  };
  return sendBatch(deps, kind, jobs, pass);
}

/** Rows of an answered request without proof; what is still open comes back. */
async function settleRest(
  deps: CreateDeps,
  columns: Columns,
  sent: readonly CreateJob[],
  answer: CreateAnswer,
): Promise<readonly (readonly CreateJob[])[]> {
  const { unproved } = answer;
  const looked = await lookUp(deps, columns, answer);
  if (looked.cause !== undefined) {
    await settleLost(deps, { operation: OPERATION, columns, jobs: unproved, failure: looked.cause });
    return [];
  }
  const absent = unproved.filter((job) => {
    const row = looked.found.find((each) => each.externalId === job.input.row.values.externalId);
    if (row !== undefined) job.resolve({ kind: 'written', row });
    return row === undefined;
  });
  const verdict = answer.isAmbiguous
    ? { refused: [], again: byPart(absent).map(([, part]) => part) }
    : isolate(sent, absent, (job) => answer.errorOf(job)?.row !== undefined);
  await Promise.all(
    verdict.refused.map(async (job) =>
      job.reject(await confirmed(deps, OPERATION, columns, refusal(deps, job, answer))),
    ),
  );
  return verdict.again;
}

/** Looks the unproved rows up; `cause` when that cannot tell which of them were stored. */
async function lookUp(
  deps: CreateDeps,
  columns: Columns,
  { unproved, unreadable, errorOf, traceId }: CreateAnswer,
): Promise<{ readonly found: readonly AssociateRow[]; readonly cause?: Failure }> {
  if (unreadable !== undefined) return { found: [], cause: unreadable };
  if (columns.by.externalId === undefined) {
    // Nothing to look it up by: only an error of the row itself, from a create that stores all or nothing, tells.
    const refused = unproved.every((job) => errorOf(job)?.row !== undefined) && columns.createFailsWhole;
    return refused ? { found: [] } : { found: [], cause: failureOf(undefined, traceId) };
  }
  const selectors = unproved.flatMap(({ input }) => {
    const { externalId } = input.row.values;
    return externalId === undefined ? [] : [{ externalId }];
  });
  try {
    return { found: await readAll(deps, columns, selectors) };
  } catch (error) {
    return { found: [], cause: error instanceof Failure ? error : new Failure('bug.unexpected') };
  }
}

/** The failure of one row that was surely not stored. */
function refusal(deps: CreateDeps, job: CreateJob, answer: CreateAnswer): Failure {
  const failure = failureOf(answer.errorOf(job), answer.traceId);
  const { kind, values } = job.input.row;
  const given = values.customerNo !== undefined && values.customerNo > 0;
  // Only a row that was to get a number can meet a full interval; for any other the wording misled.
  if (failure.code === 'erp.number-interval-full' && (given || kind === 'contact' || deps.interval === undefined)) {
    return new Failure('erp.row-refused', failure.details);
  }
  if (failure.code === 'erp.number-in-use' && !given) {
    // Somebody else took the number the ERP had picked.
    return new Failure(kind === 'contact' ? 'erp.row-refused' : 'erp.unknown', failure.details);
  }
  return failure;
}

/** What can never be sent; it would make the request of all the others invalid. */
export function assertCreatable({ values }: NewRow, columns: Columns): void {
  assertSendable(values);
  if (columns.by.externalId !== undefined && (values.externalId ?? '') === '') {
    throw new Failure('bug.unexpected', { detail: 'a create without an external id' });
  }
}
