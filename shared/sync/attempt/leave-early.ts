import { Failure } from '../../failure.ts';
import { compareKeys, storedOp } from '../../record/index.ts';
import {
  isOpen,
  WAITING,
  type OutboxRow,
  type PendingRow,
  type RecordRows,
  type StateRow,
  type Stored,
} from '../../store/index.ts';
import { iso, NEVER, type SyncDeps } from '../deps.ts';
import { FOLD_MS } from '../schedule.ts';
import type { Applied } from './outcome.ts';
import { probeFor } from './probe.ts';
import { heldByCrm } from './read-touch.ts';

/** A message came at an early hour if it is early by more than clocks may differ. */
const CLOCK_SKEW_MS = 500;

/** While the flow is paused or stopped nothing is spent: the record stays pending and the sweep brings it back. */
export async function heldBy(deps: SyncDeps): Promise<Applied | null> {
  const { flow } = deps;
  const status = await flow.status();
  if (status.is === 'open') return null;
  if (status.is === 'paused') return { outcome: 'paused' };
  try {
    if (await flow.tryProbe(() => probeFor(deps, status.code))) return null;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { outcome: 'held', code: error.code };
  }
  return { outcome: 'held', code: status.code };
}

/**
 * The hint by which a change that waits for a person, because both sides changed a field, is decided anew; null when
 * there is none.
 */
export async function decidedAnew(
  { ledger, settings }: SyncDeps,
  { row }: Stored<PendingRow>,
): Promise<Stored<OutboxRow> | null> {
  if (row.failure !== 'field.conflict' || settings.ERP_TO_CRM === 'off') return null;
  return ledger.readOwed(row.ref, 'look');
}

/** Why a change is left as it is for now, or for good; null when it is to be worked on. */
export async function leaveEarly(
  deps: SyncDeps,
  pending: Stored<PendingRow>,
  state: RecordRows['state'],
  isDecidedAnew: boolean,
): Promise<Applied | null> {
  const { row } = pending;
  const early = isDecidedAnew ? null : await notNow(deps, pending, state);
  return early ?? (storedOp(row.body) === 'touch' ? heldByCrm(deps, row) : null);
}

async function notNow(
  deps: SyncDeps,
  pending: Stored<PendingRow>,
  state: RecordRows['state'],
): Promise<Applied | null> {
  const { row } = pending;
  if (isSuperseded(row, state?.row ?? null) || (await isDeletedBefore(deps, row, state?.row ?? null))) {
    await deps.ledger.removePending(pending);
    return { outcome: 'superseded' };
  }
  const isPlanned = row.status === 'planned' && deps.settings.SYNC_MODE === 'write';
  if (!isOpen(row) && !isPlanned) return { outcome: 'listed' };
  const restricted = await leaveRestricted(deps, pending);
  if (restricted) return restricted;
  const now = deps.now();
  if (row.notBefore > iso(now + CLOCK_SKEW_MS)) return { outcome: 'early' };

  const foldUntil = state?.row.lastWriteAt ? Date.parse(state.row.lastWriteAt) + FOLD_MS : 0;
  if (foldUntil > now + CLOCK_SKEW_MS) {
    // Only the one that moves the time sends the message for it.
    if ((await deps.ledger.movePending(pending, { ...WAITING, notBefore: iso(foldUntil) })) !== 'conflict') {
      await deps.queues.sendChange(row.ref, (foldUntil - now) / 1000);
    }
    return { outcome: 'folded' };
  }
  return null;
}

/** A deletion is remembered by the record itself for at least thirty days; an event that is younger is newer than any other. */
const RECENT_MS = 29 * 86_400_000;

/**
 * Newest wins also against a deletion that is forgotten: an event that is not newer, sent again months later, does not
 * bring the record back. Events of the very moment of the deletion count as older: which of them came last is not known
 * any more.
 */
async function isDeletedBefore(
  { tombstones, now }: Pick<SyncDeps, 'tombstones' | 'now'>,
  { ref, key, body }: PendingRow,
  state: StateRow | null,
): Promise<boolean> {
  // What was applied since says more, and an order to erase is carried out whatever was before.
  if (state?.applied || storedOp(body) === 'erase' || Date.parse(key.occurredAt) > now() - RECENT_MS) return false;
  const deletion = await tombstones.read(ref);
  return deletion !== null && compareKeys(key, { ...deletion, eventId: '' }) !== 'newer';
}

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

/**
 * A record whose processing was restricted keeps its newest state, and nothing looks at it until the restriction is
 * lifted. Only an order to erase passes.
 */
async function leaveRestricted(deps: SyncDeps, pending: Stored<PendingRow>): Promise<Applied | null> {
  const { row } = pending;
  if (storedOp(row.body) === 'erase' || !(await deps.restrictions.holds(row.ref))) return null;
  if (row.dueAt !== NEVER) await deps.ledger.movePending(pending, { dueAt: NEVER, notBefore: '' });
  return { outcome: 'restricted' };
}
