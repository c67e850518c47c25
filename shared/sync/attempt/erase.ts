import type { PendingRow } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';
import type { Lease } from './lease.ts';
import type { Work } from './outcome.ts';
import { applyDelete } from './remove.ts';

/** The CRM was told to erase the person: as a deletion, but `NXT_ON_CONTACT_DELETED=keep` does not keep what is personal. */
export async function eraseRecord(deps: SyncDeps, lease: Lease, pending: PendingRow): Promise<Work> {
  const { settings } = deps;
  const isKept = settings.NXT_ON_CONTACT_DELETED === 'keep';
  const erasing = isKept ? { ...deps, settings: { ...settings, NXT_ON_CONTACT_DELETED: 'clear' as const } } : deps;
  // The brake is for mistakes in the CRM: an erasure is somebody's right, and waits for nobody.
  const work = await applyDelete(erasing, lease, { ...pending, released: true }, true);
  // It may be older than what was applied: the applied key does not go back for it.
  return work.kind === 'done' ? { ...work, key: pending.key } : work;
}
