import type { Attempt } from './attempt.ts';
import type { Work } from './outcome.ts';
import { applyDelete } from './remove.ts';

/** The CRM was told to erase the person: as a deletion, but `NXT_ON_CONTACT_DELETED=keep` does not keep what is personal. */
export async function eraseRecord(attempt: Attempt): Promise<Work> {
  const { deps, pending } = attempt;
  const { settings } = deps;
  const isKept = settings.NXT_ON_CONTACT_DELETED === 'keep';
  const erasing = isKept ? { ...deps, settings: { ...settings, NXT_ON_CONTACT_DELETED: 'clear' as const } } : deps;
  const released = { ...attempt, deps: erasing, pending: { ...pending, row: { ...pending.row, released: true } } };
  // The brake is for mistakes in the CRM: an erasure is somebody's right, and waits for nobody.
  const work = await applyDelete(released, true);
  // It may be older than what was applied: the applied key does not go back for it.
  return work.kind === 'done' ? { ...work, key: pending.row.key } : work;
}
