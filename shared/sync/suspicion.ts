import { emptyFailed, type PendingRow, type Stored } from '../ledger/index.ts';
import { iso, NEVER, type SyncDeps } from './deps.ts';
import type { Lease } from './lease.ts';

/** Saved before any work: five tries have ended the process, and a sixth will not come. Success takes it back. */
export async function suspectCrash(
  deps: SyncDeps,
  lease: Lease,
  pending: Stored<PendingRow>,
): Promise<Stored<PendingRow>> {
  const settled = await deps.ledger.movePending(pending, { settled: 'crash.suspected', dueAt: NEVER });
  if (settled === 'conflict') return pending;
  const now = iso(deps.now());
  await deps.ledger.writeFailed({
    ...emptyFailed,
    ref: pending.row.ref,
    code: 'crash.suspected',
    since: now,
    lastAt: now,
  });
  await lease.keep({ failed: true });
  return settled;
}

/** It came to an end after all: the suspicion is over. */
export const notSuspected = ({ row }: Stored<PendingRow>): { failed?: 'none' } =>
  row.settled === 'crash.suspected' ? { failed: 'none' } : {};
