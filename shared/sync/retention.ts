import type { PendingRow, Stored } from '../ledger/index.ts';
import { iso, type SyncDeps } from './deps.ts';

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

/**
 * Deletes what is kept of records that were deleted in the CRM long ago: longer than any CRM delivers again. A record
 * that comes back later is found by its external id.
 */
export async function forgetDeleted({ ledger, settings, now }: SyncDeps): Promise<number> {
  const before = iso(now() - settings.RETENTION_DELETED_DAYS * DAY_MS);
  let forgotten = 0;
  for (const shard of ledger.shards) {
    for await (const state of ledger.listStates(shard)) {
      if (state.is === 'unreadable') continue;
      const { ref, deletedAt, associateNo } = state.row;
      if (deletedAt === '' || deletedAt > before) continue;
      // It came back and waits: what is known of it is still needed.
      if ((await ledger.read(ref)).pending) continue;
      if ((await ledger.removeState(state)) === 'conflict') continue;
      if (associateNo !== null) await ledger.releaseAssociate(associateNo, ref);
      forgotten += 1;
    }
  }
  return forgotten;
}
