import type { RecordRef } from '../../record/index.ts';
import { isOpen, type FailedRow, type PendingRow, type Stored } from '../../store/index.ts';
import { listFailures, type FailureDeps } from './failures.ts';
import { takeOffList } from './off-list.ts';
import type { Selection } from './selection.ts';

/** Gives a change up: its values are deleted; the record's link and history stay. */
export async function discard(deps: FailureDeps, selection: Selection, dryRun: boolean): Promise<readonly RecordRef[]> {
  const discarded: RecordRef[] = [];
  for (const { ref } of await listFailures(deps, selection)) {
    const { pending } = await deps.ledger.read(ref);
    const failed = await deps.ledger.readFailed(ref);
    if (!failed) continue;
    // Numbers the CRM does not take: what comes from the CRM for this record goes its own way.
    const isWriteBack = failed.row.code === 'crm.refused';
    if (!isWriteBack && pending && isOpen(pending.row)) continue;
    if (dryRun || (await discardOne(deps, failed, isWriteBack ? null : pending))) discarded.push(ref);
  }
  return discarded;
}

/** False when a newer state came in meanwhile: that one is on its way. */
async function discardOne(
  deps: FailureDeps,
  failed: Stored<FailedRow>,
  pending: Stored<PendingRow> | null,
): Promise<boolean> {
  if (pending && (await deps.ledger.removePending(pending)) === 'conflict') return false;
  if (failed.row.code === 'crm.refused') await deps.ledger.removeOwed(failed.row.ref, 'writeback');
  await takeOffList(deps, failed);
  return true;
}
