import { storedOp } from '../../record/index.ts';
import type { PendingRow, Stored } from '../../store/index.ts';
import { NEVER, type SyncDeps } from '../deps.ts';
import type { Applied } from './outcome.ts';

/**
 * A record whose processing was restricted keeps its newest state, and nothing looks at it until the restriction is
 * lifted. Only an order to erase passes.
 */
export async function leaveRestricted(deps: SyncDeps, pending: Stored<PendingRow>): Promise<Applied | null> {
  const { row } = pending;
  if (storedOp(row.body) === 'erase' || !(await deps.restrictions.holds(row.ref))) return null;
  if (row.dueAt !== NEVER) await deps.ledger.movePending(pending, { dueAt: NEVER, notBefore: '' });
  return { outcome: 'restricted' };
}
