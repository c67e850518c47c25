import { fromStored, type ChangeBody, type RecordRef } from '../../record/index.ts';
import { Failure, isFailureCode, type FailureCode } from '../../failure.ts';
import { UnreadableRow, type PendingRow, type Stored } from '../../store/index.ts';
import { isStorageFault } from '../../storage.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { decidedAnew, heldBy, leaveEarly } from './leave-early.ts';
import type { Attempt } from './attempt.ts';
import { fail } from './fail.ts';
import { finish } from './finish.ts';
import { Lease } from './lease.ts';
import { applyMerge } from './merge.ts';
import type { Applied, Work } from './outcome.ts';
import { applyDelete } from './remove.ts';
import { MOST_CRASHES } from '../schedule.ts';
import { suspectCrash } from './suspicion.ts';
import { applyUpsert } from './upsert.ts';
import { readTouch } from './read-touch.ts';
import { eraseRecord } from './erase.ts';
import { isSuppressedNow } from '../suppressed.ts';
import { lookAtErp } from '../way-back/look.ts';

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
  const early = await leaveEarly(deps, pending, state, hint !== null);
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

async function workOn(attempt: Attempt, body: ChangeBody, key = attempt.pending.row.key): Promise<Work> {
  const { deps, lease, pending } = attempt;
  if (await isSuppressedNow(deps, pending.row.ref, body, lease.state.associateNo !== null)) {
    return eraseRecord(attempt);
  }
  switch (body.op) {
    case 'touch': {
      const read = await readTouch(attempt, body);
      if (read.kind === 'work') return read.work;
      const work = await workOn(attempt, read.body, read.key);
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
      return applyUpsert(attempt, body.values, key);
  }
}

function asRefusal(code: string | undefined): FailureCode {
  return code?.startsWith('value.') && isFailureCode(code) ? code : 'value.invalid';
}
