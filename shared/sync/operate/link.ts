import type { AssociateNo, RecordRef } from '../../record/index.ts';
import type { Kept } from '../../store/index.ts';
import { relink } from '../attempt/relink.ts';
import type { SyncDeps } from '../deps.ts';
import { takeOffList } from './off-list.ts';

/**
 * Says which row a record is, and takes it off the list of what needs a person: it is tried again by itself. Where no
 * change waits for it, the next one of the CRM goes to that row. @throws Failure
 */
export async function link(deps: SyncDeps, ref: RecordRef, associateNo: AssociateNo, keepsErp: Kept): Promise<void> {
  await relink(deps, ref, associateNo, keepsErp);
  const failed = await deps.ledger.readFailed(ref);
  if (failed) await takeOffList(deps, failed);
}
