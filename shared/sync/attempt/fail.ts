import { Failure } from '../../failure.ts';
import { DUE } from '../../store/index.ts';
import { describeError } from '../../log.ts';
import { isStorageFault } from '../../storage.ts';
import type { Attempt } from './attempt.ts';
import { delay } from './delay.ts';
import type { Applied } from './outcome.ts';
import { globalDelay, MOST_ATTEMPTS, ownDelay } from '../schedule.ts';
import { settle } from './settle.ts';
import { notSuspected } from './suspicion.ts';

/** The code carries the decision; what is no Failure is either storage's fault or our own. */
export async function fail(attempt: Attempt, error: unknown): Promise<Applied> {
  const { deps, lease, pending } = attempt;
  if (isStorageFault(error)) throw error;
  const failure = error instanceof Failure ? error : new Failure('bug.unexpected');
  if (!(error instanceof Failure)) deps.log({ event: 'bug', ...pending.row.ref, ...describeError(error) });
  const { code, decision, scope, details } = failure;
  const about = {
    code,
    ...(details.detail !== undefined && { detail: details.detail }),
    ...(details.traceId !== undefined && { traceId: details.traceId }),
  };

  if (decision === 'configuration' || (decision === 'retry' && scope === 'global')) {
    if (decision === 'configuration' || code === 'token.unreachable') await deps.flow.report(failure);
    // A row was created, but not which one is known: the record must not be created once more.
    if (code === 'erp.external-id-changed' && lease.state.associateNo === null)
      return settle(attempt, new Failure('create.uncertain', details));
    if ((await deps.flow.status()).is === 'open') {
      await delay(attempt, code, deps.now() + globalDelay(details.retryAfterMs, deps.random));
      return { outcome: 'waiting', ...about };
    }
    await lease.end({}, { pending: { at: pending, to: DUE }, ...notSuspected(pending) });
    return { outcome: 'held', ...about };
  }
  if (decision === 'retry' && pending.row.attempts + 1 < MOST_ATTEMPTS) {
    const attempts = pending.row.attempts + 1;
    await delay(attempt, code, deps.now() + ownDelay(attempts, deps.random), { attempts });
    return { outcome: 'waiting', ...about };
  }
  return settle(attempt, failure);
}
