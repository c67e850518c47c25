import { compareKeys, storedOp } from '../../record/index.ts';
import type { PendingRow, StateRow } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';

/** A deletion is remembered by the record itself for at least thirty days; an event that is younger is newer than any other. */
const RECENT_MS = 29 * 86_400_000;

/**
 * Newest wins also against a deletion that is forgotten: an event that is not newer, sent again months later, does not
 * bring the record back. Events of the very moment of the deletion count as older: which of them came last is not known
 * any more.
 */
export async function isDeletedBefore(
  { tombstones, now }: Pick<SyncDeps, 'tombstones' | 'now'>,
  { ref, key, body }: PendingRow,
  state: StateRow | null,
): Promise<boolean> {
  // What was applied since says more, and an order to erase is carried out whatever was before.
  if (state?.applied || storedOp(body) === 'erase' || Date.parse(key.occurredAt) > now() - RECENT_MS) return false;
  const deletion = await tombstones.read(ref);
  return deletion !== null && compareKeys(key, { ...deletion, eventId: '' }) !== 'newer';
}
