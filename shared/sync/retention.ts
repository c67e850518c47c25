import type { PendingRow, Stored } from '../ledger/index.ts';
import { iso, type SyncDeps } from './deps.ts';
import { UNTOLD } from './upserted.ts';

const DAY_MS = 86_400_000;

/** Values that nobody has used for so long are deleted; what is not personal, and the failure itself, stays listed. */
export function isExpired({ settings, now }: SyncDeps, row: PendingRow): boolean {
  const isWaiting = row.settled !== '' || row.waitingSince !== '';
  return isWaiting && !row.expired && row.receivedAt < iso(now() - settings.RETENTION_FAILED_DAYS * DAY_MS);
}

/** Deletes the values. A row that waits no more for a person then fails as `payload.expired` on its next try. */
export async function forgetExpired({ ledger }: SyncDeps, pending: Stored<PendingRow>): Promise<void> {
  await ledger.movePending(pending, { body: '', expired: true });
}

export interface Daily {
  readonly forgotten: number;
  readonly owed: number;
}

/**
 * Looks at every state. Deletes what is kept of records that were deleted in the CRM long ago: longer than any CRM
 * delivers again; a record that comes back later is found by its external id. Owes the CRM the numbers of records that
 * were linked before there was a `CRM_API_URL`, as by an import.
 */
export async function lookAtStates({ ledger, settings, now }: SyncDeps): Promise<Daily> {
  const before = iso(now() - settings.RETENTION_DELETED_DAYS * DAY_MS);
  let [forgotten, owed] = [0, 0];
  for (const shard of ledger.shards) {
    for await (const state of ledger.listStates(shard)) {
      if (state.is === 'unreadable') continue;
      const { ref, deletedAt, associateNo, numbersOwed, leaseUntil } = state.row;
      const isUntold = numbersOwed.startsWith(UNTOLD) && deletedAt === '' && leaseUntil <= iso(now());
      if (isUntold && settings.CRM_API_URL !== undefined) {
        const told = { ...state.row, numbersOwed: numbersOwed.slice(UNTOLD.length) };
        if ((await ledger.save(told, state, { owed: ['writeback'] })) === 'done') owed += 1;
        continue;
      }
      if (deletedAt === '' || deletedAt > before) continue;
      // It came back and waits: what is known of it is still needed.
      if ((await ledger.read(ref)).pending) continue;
      if ((await ledger.removeState(state)) === 'conflict') continue;
      if (associateNo !== null) await ledger.releaseAssociate(associateNo, ref);
      forgotten += 1;
    }
  }
  return { forgotten, owed };
}
