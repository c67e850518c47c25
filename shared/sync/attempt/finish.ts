import { compareKeys, type OrderKey, type RecordRef } from '../../record/index.ts';
import { hasConflict, emptyState, failedWith, PLANNED, type PendingMoves, type StateRow } from '../../store/index.ts';
import { sendOwed } from '../upkeep/outbox.ts';
import type { Attempt } from './attempt.ts';
import { delay } from './delay.ts';
import { iso, NEVER, type SyncDeps } from '../deps.ts';
import type { Applied, Work } from './outcome.ts';
import { isCustomerThere } from './parent.ts';
import { FOLD_MS, MOST_ATTEMPTS, ownDelay } from '../schedule.ts';
import { settle } from './settle.ts';
import { isSuperseded } from './leave-early.ts';

/** Saves what the work came to and ends the lease; then pays what is owed. */
export async function finish(attempt: Attempt, result: Work): Promise<Applied> {
  const { deps, lease, pending } = attempt;
  const { ledger, queues } = deps;
  const { ref, key, seen } = pending.row;
  switch (result.kind) {
    case 'lost-lease':
      return { outcome: 'left', code: 'lease.held' };
    case 'wait': {
      const attempts = pending.row.attempts + 1;
      if (result.spent && attempts >= MOST_ATTEMPTS) return settle(attempt, result.spent);
      if (result.spent) {
        const until = Math.max(result.until, deps.now() + ownDelay(attempts, deps.random));
        return delay(attempt, result.code, until, { attempts });
      }
      const waiting = await delay(attempt, result.code, result.until, {
        waitingSince: result.waitingSince ?? '',
      });
      // The customer's call may have come while the lease was held, and left.
      if (result.code === 'customer.missing' && (await isCustomerThere(attempt))) await queues.sendChange(ref);
      return waiting;
    }
    case 'ignored':
      await lease.end({}, { failed: 'none' });
      deps.onApplied?.(deps.now() - Date.parse(pending.row.receivedAt));
      if ((await ledger.removePending(pending)) === 'conflict') await lookAtNewer(deps, ref, false);
      await forgetBlank(deps, ref);
      return { outcome: 'ignored' };
    case 'planned': {
      const ending = await lease.end({}, { pending: { at: pending, to: { ...PLANNED, dueAt: NEVER } } });
      if (ending === 'newer-state') await queues.sendChange(ref);
      return { outcome: `plan:${result.plan}`, fields: result.fields };
    }
    case 'done': {
      const { outcome, wrote, owed, state, claim } = result;
      const wasFailed = lease.state.failed;
      const lastWriteAt = wrote ? { lastWriteAt: iso(deps.now()) } : {};
      const ending = await lease.end(
        { ...state, ...lastWriteAt, ...appliedAt(lease.state, result.key, { applied: key, appliedSeen: seen }) },
        { owed, failed: 'none', applied: pending, ...keptFor({ ...lease.state, ...state }) },
      );
      if (ending === 'lost') {
        await queues.sendChange(ref);
        return { outcome: 'left', code: 'lease.held' };
      }
      // The link first: the other record may only look when this one can be seen to have the row.
      if (claim) await ledger.releaseClaim(claim);
      // Its row is gone: the CRM has nothing to be told any more.
      if (state.associateNo === null) await ledger.removeOwed(ref, 'writeback');
      if (ending === 'newer-state') await lookAtNewer(deps, ref, wrote);
      await sendOwed(deps, ref, owed, state.deletedAt === '' ? 'linked' : 'gone');
      if (wasFailed) await askCrmAgain(deps, ref);
      return { outcome };
    }
  }
}

/** While a person has to say which value counts, what the CRM said stays to be seen, and to be written. */
const keptFor = ({ wayBack, deletedAt }: StateRow): { keptAs?: PendingMoves } =>
  deletedAt === '' && hasConflict(wayBack) ? { keptAs: { ...failedWith('field.conflict'), dueAt: NEVER } } : {};

/** The record's failure stood in the list where one of its write-back would have: the CRM is asked once more. */
async function askCrmAgain({ ledger, queues, now }: SyncDeps, ref: RecordRef): Promise<void> {
  const entry = await ledger.readOwed(ref, 'writeback');
  if (entry?.row.dueAt !== NEVER) return;
  await ledger.moveOwed(entry, { dueAt: iso(now()) });
  await queues.sendWriteBack(ref);
}

/** The pending row is not the one that was applied: newer, or the same one that the sweep has moved. */
async function lookAtNewer({ ledger, queues }: SyncDeps, ref: RecordRef, wrote: boolean): Promise<void> {
  const { pending, state } = await ledger.read(ref);
  if (pending && isSuperseded(pending.row, state?.row ?? null) && (await ledger.removePending(pending)) === 'done')
    return;
  if (pending) await queues.sendChange(ref, wrote ? FOLD_MS / 1000 : 0);
}

type AppliedAt = Pick<StateRow, 'applied' | 'appliedSeen'>;

/** What was read stands where the record itself says; the applied key of a record never goes back. */
function appliedAt(state: StateRow, key: OrderKey | undefined, pending: AppliedAt): AppliedAt {
  if (key === undefined) return pending;
  const isOlder = state.applied !== null && compareKeys(key, state.applied) === 'older';
  return isOlder
    ? { applied: state.applied, appliedSeen: state.appliedSeen }
    : { applied: key, appliedSeen: [key.eventId] };
}

/** Nothing is known of the record but that somebody once worked on it. */
async function forgetBlank({ ledger }: SyncDeps, ref: RecordRef): Promise<void> {
  const state = await ledger.readState(ref);
  if (!state) return;
  const { leaseEpoch, saveId } = state.row;
  const blank = { ...emptyState(ref), leaseEpoch, saveId };
  if (JSON.stringify(blank) === JSON.stringify({ ...blank, ...state.row })) await ledger.removeState(state);
}
