import { fromStored, type ChangeBody, type RecordRef } from '../../record/index.ts';
import { Failure, isFailureCode, type FailureCode } from '../../failure.ts';
import { isOpen, UnreadableRow, WAITING, type PendingRow, type RecordRows, type Stored } from '../../store/index.ts';
import { isStorageFault } from '../../storage.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { isDeletedBefore } from './deleted-before.ts';
import type { Attempt } from './attempt.ts';
import { fail } from './fail.ts';
import { finish } from './finish.ts';
import { Lease } from './lease.ts';
import { applyMerge } from './merge.ts';
import type { Applied, Work } from './outcome.ts';
import { probeFor } from './probe.ts';
import { applyDelete } from './remove.ts';
import { FOLD_MS, MOST_CRASHES } from '../schedule.ts';
import { isSuperseded } from './superseded.ts';
import { suspectCrash } from './suspicion.ts';
import { applyUpsert } from './upsert.ts';
import { heldByCrm, readTouch } from './read-touch.ts';
import { eraseRecord } from './erase.ts';
import { leaveRestricted } from './restricted.ts';
import { isSuppressedNow } from '../suppressed.ts';
import { decidedAnew, lookAtErp } from '../way-back/look.ts';

/** A message came at an early hour if it is early by more than clocks may differ. */
const CLOCK_SKEW_MS = 500;

const STORAGE_DELAY_SECONDS = 30;

/**
 * Brings one record's newest state to the ERP, whatever message asked for it. Returns when the record is applied,
 * listed, delayed or held; it throws only when storage fails altogether, so that the message comes again.
 */
export async function applyChange(deps: SyncDeps, ref: RecordRef): Promise<Applied> {
  try {
    return await tryOnce(deps, ref);
  } catch (error) {
    // Trying again would end in the poison queue; the sweep sends a message until a version that can read it is there.
    if (error instanceof UnreadableRow) return { outcome: 'unreadable', detail: error.rowKey };
    if (!isStorageFault(error)) throw error;
    // A message of its own spends none of the platform's tries; if not even that can be sent, this one comes again.
    await deps.queues.sendChange(ref, STORAGE_DELAY_SECONDS);
    return { outcome: 'waiting', code: 'storage.unavailable' };
  }
}

async function tryOnce(deps: SyncDeps, ref: RecordRef): Promise<Applied> {
  const held = await heldBy(deps);
  if (held) return held;

  const record = await deps.ledger.read(ref);
  const { pending, state } = record;
  if (!pending) return lookAtErp(deps, ref, state);
  const hint = await decidedAnew(deps, pending);
  const early = (hint ? null : await leaveEarly(deps, pending, state)) ?? (await heldByCrm(deps, pending.row));
  if (early) return early;

  const lease = await Lease.acquire(deps, ref, state);
  if (!(lease instanceof Lease)) {
    await lookAfterLease(deps, pending, lease.until);
    return { outcome: 'left', code: 'lease.held' };
  }
  let current: Attempt = { deps, lease, pending };
  try {
    if (lease.state.crashes >= MOST_CRASHES) current = await suspectCrash(current);
    const applied = await finish(current, await work(approved(current)));
    if (hint) await deps.ledger.removeOwed(ref, 'look', hint);
    return applied;
  } catch (error) {
    // What came of the record is saved; what failed after that is owed, and must not take it back.
    if (lease.isOver) throw error;
    return await failOrAbandon(current, error);
  }
}

async function failOrAbandon(attempt: Attempt, error: unknown): Promise<Applied> {
  try {
    return await fail(attempt, error);
  } catch (thrown) {
    if (isStorageFault(thrown) && !attempt.lease.isOver) attempt.lease.abandon();
    throw thrown;
  }
}

/** What a person approved in plan mode is carried out as in write mode, it alone. */
const approved = (attempt: Attempt): Attempt =>
  attempt.pending.row.approved
    ? { ...attempt, deps: { ...attempt.deps, settings: { ...attempt.deps.settings, SYNC_MODE: 'write' } } }
    : attempt;

/** While the flow is paused or stopped nothing is spent: the record stays pending and the sweep brings it back. */
async function heldBy(deps: SyncDeps): Promise<Applied | null> {
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

async function leaveEarly(
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

/** The holder sees the newest state when it ends; should it have died, the sweep comes when its lease is over. */
async function lookAfterLease({ ledger }: SyncDeps, pending: Stored<PendingRow>, leaseUntil: string): Promise<void> {
  const afterwards = iso(Date.parse(leaseUntil) + 1000);
  if (pending.row.dueAt > afterwards) await ledger.movePending(pending, { dueAt: afterwards });
}

async function work(attempt: Attempt): Promise<Work> {
  const { row } = attempt.pending;
  if (row.expired) throw new Failure('payload.expired');
  return workOn(attempt, fromStored(row.body));
}

async function workOn(attempt: Attempt, body: ChangeBody): Promise<Work> {
  const { deps, lease, pending } = attempt;
  if (await isSuppressedNow(deps, pending.row.ref, body, lease.state.associateNo !== null)) {
    return eraseRecord(attempt);
  }
  switch (body.op) {
    case 'touch': {
      const read = await readTouch(attempt, body);
      if (read.kind === 'work') return read.work;
      const work = await workOn(attempt, read.body);
      return work.kind === 'done' ? { ...work, key: read.key } : work;
    }
    case 'erase':
      return eraseRecord(attempt);
    case 'invalid': {
      const [first] = body.problems;
      throw new Failure(asRefusal(first?.code), { pointers: body.problems.map(({ pointer }) => pointer) });
    }
    case 'delete':
      return applyDelete(attempt);
    case 'merge':
      return applyMerge(attempt, body.into);
    case 'upsert':
      return applyUpsert(attempt, body.values);
  }
}

function asRefusal(code: string | undefined): FailureCode {
  return code?.startsWith('value.') && isFailureCode(code) ? code : 'value.invalid';
}
