import { storedOp } from '../../record/index.ts';
import { UnreadableRow, type PendingRow, type StateRow, type Stored } from '../../store/index.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { UNTOLD } from '../attempt/upserted.ts';

const DAY_MS = 86_400_000;

/** Values that nobody has used for so long are deleted; what is not personal, and the failure itself, stays listed. */
export function isExpired({ settings, now }: SyncDeps, row: PendingRow): boolean {
  const isWaiting = row.settled !== '' || row.waitingSince !== '';
  return isWaiting && !row.expired && row.receivedAt < iso(now() - settings.RETENTION_FAILED_DAYS * DAY_MS);
}

/** The same for a row that cannot be read: storage says when it was last written. */
export function isUnreadableExpired({ settings, now }: SyncDeps, { rowKey, writtenAt }: UnreadableRow): boolean {
  return rowKey.startsWith('pending|') && Date.parse(writtenAt) < now() - settings.RETENTION_FAILED_DAYS * DAY_MS;
}

/**
 * Deletes the values. A row that waits no more for a person then fails as `payload.expired` on its next try. What has no
 * values (a deletion, an order to erase, a merge) stays until it is done, and what a person had restricted stays too.
 */
export async function forgetExpired({ ledger, restrictions }: SyncDeps, { row }: Stored<PendingRow>): Promise<void> {
  const { pending } = await ledger.read(row.ref);
  if (pending?.row.revision !== row.revision) return;
  const op = storedOp(pending.row.body);
  if (op !== null && op !== 'upsert' && op !== 'invalid') return;
  if (await restrictions.holds(row.ref)) return;
  await ledger.movePending(pending, { body: '', expired: true });
}

export interface Daily {
  readonly forgotten: number;
  readonly owed: number;
  /** False when there is more to do than one sweep has time for. */
  readonly isDone: boolean;
}

/** Storage is asked for each, one after the other, within the time of one function. */
const MOST_OWED = 2_000;

/**
 * Looks at every state. Deletes what is kept of records that were deleted in the CRM long ago: longer than any CRM
 * delivers again; a record that comes back later is found by its external id. Owes the CRM the numbers of records that
 * were linked before there was a `CRM_API_URL`, as by an import.
 */
export async function lookAtStates(deps: SyncDeps): Promise<Daily> {
  const { ledger, settings, now } = deps;
  const before = iso(now() - settings.RETENTION_DELETED_DAYS * DAY_MS);
  const tells = settings.CRM_API_URL !== undefined && settings.SYNC_MODE === 'write';
  let [forgotten, owed] = [0, 0];
  for (const shard of ledger.shards) {
    for await (const state of ledger.listStates(shard)) {
      if (state.is === 'unreadable') continue;
      const { deletedAt, mergedInto, numbersOwed, leaseUntil } = state.row;
      // Whoever still names it means the one that stays.
      if (mergedInto !== '') continue;
      if (deletedAt !== '') {
        if (deletedAt <= before && (await forget(deps, state))) forgotten += 1;
      } else if (tells && numbersOwed.startsWith(UNTOLD) && leaseUntil <= iso(now())) {
        if (owed >= MOST_OWED) return { forgotten, owed, isDone: false };
        const told = { ...state.row, numbersOwed: numbersOwed.slice(UNTOLD.length) };
        if ((await ledger.save(told, state, { owed: ['writeback'] })) === 'done') owed += 1;
      }
    }
  }
  return { forgotten, owed, isDone: true };
}

async function forget({ ledger }: SyncDeps, state: Stored<StateRow>): Promise<boolean> {
  const { ref, associateNo } = state.row;
  try {
    // It came back and waits: what is known of it is still needed.
    if ((await ledger.read(ref)).pending) return false;
  } catch (error) {
    if (error instanceof UnreadableRow) return false;
    throw error;
  }
  if ((await ledger.removeState(state)) === 'conflict') return false;
  if (associateNo !== null) await ledger.releaseAssociate(associateNo, ref);
  return true;
}
