import { Failure } from '../../failure.ts';
import type { Columns } from '../associates/columns.ts';
import type { BeforeSend, WriteOutcome } from '../associates/types.ts';
import type { Answer } from '../http/reply.ts';
import type { Operation, Transport } from '../http/transport.ts';
import type { Pass } from '../limits/gate.ts';
import type { Job } from './collector.ts';
import { allowanceFor, sendGroups, type Allowance } from './isolate.ts';
import { settleLost, settleRefused, type WholeDeps } from './whole.ts';

interface Write {
  readonly columns: Columns;
  readonly beforeSend: BeforeSend;
}

type Jobs<Input> = readonly Job<Input, WriteOutcome>[];

/** One kind of write: how it is asked for, and what its answer says of each row. */
export interface BatchKind<Input> {
  readonly operation: string;
  request(columns: Columns, sent: Jobs<Input>): Operation;
  /** Settles the rows whose end is certain; the others come back in the groups in which they are sent again. */
  settle(columns: Columns, sent: Jobs<Input>, answer: Answer): Promise<readonly Jobs<Input>[]>;
}

/**
 * Sends the writes as one mutation and settles every one of them, whatever became of the request: answered, it is the
 * answer that settles; lost, nothing is sent again now; refused as a whole, it is taken apart.
 */
export async function sendBatch<Input extends Write>(
  deps: WholeDeps<Input> & { readonly transport: Transport },
  kind: BatchKind<Input>,
  jobs: Jobs<Input>,
  pass?: Pass,
  given?: Allowance,
): Promise<void> {
  const columns = jobs[0]?.input.columns;
  if (columns === undefined) return;
  let allowance = given;
  const left = (): Allowance => (allowance ??= allowanceFor(jobs.length));
  const again = (group: Jobs<Input>): Promise<void> => sendBatch(deps, kind, group, undefined, left());
  let sent = jobs;
  try {
    const entered = pass ?? (await deps.transport.enter());
    const reply = await deps.transport.send(entered, async () => {
      sent = await permitted(sent);
      return sent.length === 0 ? undefined : kind.request(columns, sent);
    });
    if (reply === undefined) return;
    if (reply.kind === 'answered') {
      const unsettled = await kind.settle(columns, sent, reply.answer);
      if (unsettled.length === 0) return;
      const otherwise = new Failure('erp.unknown', { detail: 'the bad row was not found' });
      await sendGroups(unsettled, left(), again, otherwise);
      return;
    }
    const whole = { operation: kind.operation, columns, jobs: sent, failure: reply.failure };
    if (reply.kind === 'lost') await settleLost(deps, whole);
    else await settleRefused(deps, whole, left(), again);
  } catch (error) {
    for (const job of sent) job.reject(error);
  }
}

/**
 * Asks every row whether it may be sent, right before the request leaves. Rows that may not, and rows whose question
 * failed, are settled here and leave the batch.
 */
async function permitted<Input extends Pick<Write, 'beforeSend'>, Outcome>(
  jobs: readonly Job<Input, Outcome | { readonly kind: 'not-sent' }>[],
): Promise<Job<Input, Outcome | { readonly kind: 'not-sent' }>[]> {
  const answers = await Promise.all(
    jobs.map(async (job) => {
      try {
        if (await job.input.beforeSend()) return job;
        job.resolve({ kind: 'not-sent' });
      } catch (error) {
        job.reject(error);
      }
      return undefined;
    }),
  );
  return answers.filter((job) => job !== undefined);
}
