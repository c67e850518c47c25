import { emptyFailed, failedWith, type FailedRow, type PendingRow, type Stored } from '../../store/index.ts';
import { iso, NEVER } from '../deps.ts';
import type { Attempt } from './attempt.ts';

/** Saved before any work: try after try has ended the process, and this one may. Its end takes it back. */
export async function suspectCrash(attempt: Attempt): Promise<Attempt> {
  const { deps, lease, pending } = attempt;
  const { ref, revision } = pending.row;
  const now = iso(deps.now());
  const failed: FailedRow = { ...emptyFailed, ref, code: 'crash.suspected', since: now, lastAt: now };
  // Together: a record that has failed and is not listed would wait for nobody.
  const to = { ...failedWith(failed.code), dueAt: NEVER };
  if (!(await lease.keepWith({ failed, pending: { at: pending, to } }))) return attempt;
  const marked = (await deps.ledger.read(ref)).pending;
  return marked?.row.revision === revision ? { ...attempt, pending: marked } : attempt;
}

/** It came to an end after all: the suspicion is over. */
export const notSuspected = ({ row }: Stored<PendingRow>): { failed?: 'none' } =>
  row.failure === 'crash.suspected' ? { failed: 'none' } : {};
