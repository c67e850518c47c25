import { storedOp } from '../../record/index.ts';
import { isOpen, UnreadableRow, type PendingRow, type StateRow, type Stored } from '../../store/index.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { survivorOf } from '../attempt/survivor.ts';

const DAY_MS = 86_400_000;

/** Values that nobody has used for so long are deleted; what is not personal, and the failure itself, stays listed. */
export function isExpired({ settings, now }: SyncDeps, row: PendingRow): boolean {
  const isWaiting = !isOpen(row) || row.waitingSince !== '';
  return isWaiting && !row.expired && row.receivedAt < iso(now() - settings.RETENTION_FAILED_DAYS * DAY_MS);
}

/**
 * The same for a row that cannot be read: storage says when it was last written. One that still says that it is a
 * deletion, an order to erase or a merge holds no values, and stays until a version that can read it has done it.
 */
export async function isUnreadableExpired(deps: SyncDeps, row: UnreadableRow): Promise<boolean> {
  const before = deps.now() - deps.settings.RETENTION_FAILED_DAYS * DAY_MS;
  if (!row.rowKey.startsWith('pending|') || !(Date.parse(row.writtenAt) < before)) return false;
  return !hasNoValues(await deps.ledger.unreadableBody(row));
}

function hasNoValues(body: string): boolean {
  const op = storedOp(body);
  return op !== null && op !== 'upsert' && op !== 'invalid';
}

/**
 * Deletes the values. A row that waits no more for a person then fails as `payload.expired` on its next try. What has no
 * values (a deletion, an order to erase, a merge) stays until it is done, and what a person had restricted stays too.
 */
export async function forgetExpired({ ledger, restrictions }: SyncDeps, { row }: Stored<PendingRow>): Promise<void> {
  const { pending } = await ledger.read(row.ref);
  if (pending?.row.revision !== row.revision) return;
  if (hasNoValues(pending.row.body)) return;
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
      const { deletedAt, mergedInto, awaitsCrmUrl, numbersOwed, leaseUntil } = state.row;
      // Whoever still names it means the one that stays, as long as there is one.
      if (mergedInto !== '' && (await isThere(deps, state.row))) continue;
      if (deletedAt !== '') {
        if (deletedAt <= before && (await forget(deps, state))) forgotten += 1;
      } else if (tells && awaitsCrmUrl && numbersOwed !== '' && leaseUntil <= iso(now())) {
        if (owed >= MOST_OWED) return { forgotten, owed, isDone: false };
        const row = { ...state.row, awaitsCrmUrl: false };
        if ((await ledger.save(row, state, { owed: ['writeback'] })) === 'done') owed += 1;
      }
    }
  }
  return { forgotten, owed, isDone: true };
}

/** The record that this one was merged into was not deleted; it may also be one that the CRM has not told of yet. */
async function isThere({ ledger, tombstones }: SyncDeps, { ref }: StateRow): Promise<boolean> {
  const survivor = await survivorOf({ ledger }, ref);
  if (survivor === null) return false;
  const { pending, state } = await ledger.read(survivor);
  if (pending !== null) return true;
  return state === null ? (await tombstones.read(survivor)) === null : state.row.deletedAt === '';
}

async function forget({ ledger, tombstones }: SyncDeps, state: Stored<StateRow>): Promise<boolean> {
  const { ref, associateNo, applied } = state.row;
  try {
    // It came back and waits: what is known of it is still needed.
    if ((await ledger.read(ref)).pending) return false;
  } catch (error) {
    if (error instanceof UnreadableRow) return false;
    throw error;
  }
  // The tombstone first: in between, both say that it is gone.
  if (applied !== null) await tombstones.set(ref, applied);
  if ((await ledger.removeState(state)) === 'conflict') return false;
  if (associateNo !== null) await ledger.releaseAssociate(associateNo, ref);
  return true;
}
