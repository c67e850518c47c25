import { compareKeys, storedOp } from '../../record/index.ts';
import type { PendingRow, StateRow } from '../../store/index.ts';

/** Newest wins: what is pending is not newer than what was applied. */
export function isSuperseded(pending: PendingRow, state: StateRow | null): boolean {
  if (!state?.applied || isErasure(pending)) return false;
  const order = compareKeys(pending.key, state.applied);
  return (
    order === 'older' || order === 'repeat' || (order === 'same-key' && state.appliedSeen.includes(pending.key.eventId))
  );
}

/** The order to erase a person holds whatever came after it. */
const isErasure = ({ body }: PendingRow): boolean => storedOp(body) === 'erase';
