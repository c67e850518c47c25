import type { RecordRef } from '../../record/index.ts';
import { isOpen } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';

/**
 * A change of the CRM's that came while the way back held the record's lease was left: it need not wait until a lease
 * would have run out. The CRM's own event for a write comes just then.
 */
export async function feedPending(
  { ledger, queues }: Pick<SyncDeps, 'ledger' | 'queues'>,
  ref: RecordRef,
): Promise<void> {
  const pending = await ledger.readPending(ref);
  if (pending && isOpen(pending.row)) await queues.sendChange(ref);
}
