import { compareKeys, fromStored, type RecordRef } from '../change/index.ts';
import { Failure, type FailureCode } from '../failure.ts';
import { emptyFailed, type PendingRow, type RecordRows, type StateRow, type Stored } from '../ledger/index.ts';
import { describeError } from '../log.ts';
import { isStorageFault } from '../storage.ts';
import { payDebts } from './debts.ts';
import { iso, NEVER, type SyncDeps } from './deps.ts';
import { Lease } from './lease.ts';
import type { Applied, Work } from './outcome.ts';
import { applyDelete } from './remove.ts';
import { FOLD_MS, globalDelay, LONGEST_MESSAGE_DELAY_MS, MOST_ATTEMPTS, ownDelay } from './schedule.ts';
import { settle } from './settle.ts';
import { isCustomerThere } from './parent.ts';
import { probeFor } from './probe.ts';
import { applyUpsert } from './upsert.ts';

/** A message came at an early hour if it is early by more than clocks may differ. */
const CLOCK_SKEW_MS = 500;

const STORAGE_DELAY_SECONDS = 30;

/**
 * Brings one record's newest state to the ERP, whatever message asked for it. Returns when the record is applied,
 * settled, delayed or held; it throws only when storage fails altogether, so that the message comes again.
 *
 * @param isLastTry the platform will not deliver this message again: if the process ends now, the record is suspected.
 */
export async function applyChange(deps: SyncDeps, ref: RecordRef, isLastTry = false): Promise<Applied> {
  try {
    return await attempt(deps, ref, isLastTry);
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    // A message of its own spends none of the platform's tries; if not even that can be sent, this one comes again.
    await deps.queues.sendChange(ref, STORAGE_DELAY_SECONDS);
    return { outcome: 'waiting', code: 'storage.unavailable' };
  }
}

async function attempt(deps: SyncDeps, ref: RecordRef, isLastTry: boolean): Promise<Applied> {
  const held = await heldBy(deps);
  if (held) return held;

  const record = await deps.ledger.read(ref);
  const { pending, state } = record;
  if (!pending) return { outcome: 'nothing-to-do' };
  const early = await leaveEarly(deps, pending, state);
  if (early) return early;

  const lease = await Lease.acquire(deps, ref, state);
  if (!(lease instanceof Lease)) {
    await lookAfterLease(deps, pending, lease.until);
    return { outcome: 'left', code: 'lease.held' };
  }
  let current = pending;
  try {
    if (isLastTry) current = await suspectCrash(deps, lease, pending);
    return await finish(deps, lease, current, await work(deps, lease, current.row));
  } catch (error) {
    return await fail(deps, lease, current, error);
  }
}

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
  if (isSuperseded(row, state?.row ?? null)) {
    await deps.ledger.removePending(pending);
    return { outcome: 'superseded' };
  }
  const isPlanned = row.settled === 'plan' && deps.settings.SYNC_MODE === 'write';
  if (row.settled !== '' && !isPlanned) return { outcome: 'settled' };
  const now = deps.now();
  if (row.notBefore > iso(now + CLOCK_SKEW_MS)) return { outcome: 'early' };

  const foldUntil = state?.row.lastWriteAt ? Date.parse(state.row.lastWriteAt) + FOLD_MS : 0;
  if (foldUntil > now + CLOCK_SKEW_MS) {
    // Only the one that moves the time sends the message for it.
    if ((await deps.ledger.movePending(pending, { notBefore: iso(foldUntil) })) !== 'conflict') {
      await deps.queues.sendChange(row.ref, (foldUntil - now) / 1000);
    }
    return { outcome: 'folded' };
  }
  return null;
}

function isSuperseded(pending: PendingRow, state: StateRow | null): boolean {
  if (!state?.applied) return false;
  const order = compareKeys(pending.key, state.applied);
  return (
    order === 'older' || order === 'repeat' || (order === 'same-key' && state.appliedSeen.includes(pending.key.eventId))
  );
}

/** The holder sees the newest state when it ends; should it have died, the sweep comes when its lease is over. */
async function lookAfterLease({ ledger }: SyncDeps, pending: Stored<PendingRow>, leaseUntil: string): Promise<void> {
  const afterwards = iso(Date.parse(leaseUntil) + 1000);
  if (pending.row.dueAt > afterwards) await ledger.movePending(pending, { dueAt: afterwards });
}

/** Saved before any work: five tries have ended the process, and a sixth will not come. Success takes it back. */
async function suspectCrash(deps: SyncDeps, lease: Lease, pending: Stored<PendingRow>): Promise<Stored<PendingRow>> {
  const settled = await deps.ledger.movePending(pending, { settled: 'crash.suspected', dueAt: NEVER });
  if (settled === 'conflict') return pending;
  const now = iso(deps.now());
  await deps.ledger.writeFailed({
    ...emptyFailed,
    ref: pending.row.ref,
    code: 'crash.suspected',
    since: now,
    lastAt: now,
  });
  await lease.keep({ failed: true });
  return settled;
}

/** It came to an end after all: the suspicion is over. */
const notSuspected = ({ row }: Stored<PendingRow>): { failed?: 'none' } =>
  row.settled === 'crash.suspected' ? { failed: 'none' } : {};

async function work(deps: SyncDeps, lease: Lease, pending: PendingRow): Promise<Work> {
  if (pending.expired) throw new Failure('payload.expired');
  const body = fromStored(pending.body);
  switch (body.op) {
    case 'invalid': {
      const [first] = body.problems;
      throw new Failure(asRefusal(first?.code), { pointers: body.problems.map(({ pointer }) => pointer) });
    }
    case 'delete':
      return applyDelete(deps, lease, pending);
    case 'upsert':
      return applyUpsert(deps, lease, pending, body.values);
  }
}

function asRefusal(code: string | undefined): FailureCode {
  return code === 'value.missing' || code === 'value.too-long' ? code : 'value.invalid';
}

async function finish(deps: SyncDeps, lease: Lease, pending: Stored<PendingRow>, result: Work): Promise<Applied> {
  const { ledger, queues } = deps;
  const { ref, key, seen } = pending.row;
  switch (result.kind) {
    case 'lost-lease':
      return { outcome: 'left', code: 'lease.held' };
    case 'wait': {
      const waiting = await delay(deps, lease, pending, result.code, result.until, {
        waitingSince: result.waitingSince ?? '',
      });
      // The customer's call may have come while the lease was held, and left.
      if (result.code === 'customer.missing' && (await isCustomerThere(deps, pending.row)))
        await queues.sendChange(ref);
      return waiting;
    }
    case 'planned': {
      const ending = await lease.end({}, { pending: { at: pending, to: { settled: 'plan', dueAt: NEVER } } });
      if (ending === 'newer-state') await queues.sendChange(ref);
      return { outcome: `plan:${result.plan}`, fields: result.fields };
    }
    case 'done': {
      const { outcome, wrote, owed, state } = result;
      const wasFailed = lease.state.failed;
      const lastWriteAt = wrote ? { lastWriteAt: iso(deps.now()) } : {};
      const ending = await lease.end(
        { ...state, ...lastWriteAt, applied: key, appliedSeen: seen },
        { owed, failed: 'none' },
      );
      if (ending === 'lost') {
        await queues.sendChange(ref);
        return { outcome: 'left', code: 'lease.held' };
      }
      if ((await ledger.removePending(pending)) === 'conflict') await lookAtNewer(deps, ref, wrote);
      await payDebts(deps, ref, owed);
      if (wasFailed) await askCrmAgain(deps, ref);
      return { outcome };
    }
  }
}

/** The record's failure stood in the list where one of its write-back would have: the CRM is asked once more. */
async function askCrmAgain({ ledger, queues, now }: SyncDeps, ref: RecordRef): Promise<void> {
  const debt = await ledger.readDebt(ref, 'writeback');
  if (debt?.row.dueAt !== NEVER) return;
  await ledger.moveDebt(debt, { dueAt: iso(now()) });
  await queues.sendWriteBack(ref);
}

/** The pending row is not the one that was applied: newer, or the same one that the sweep has moved. */
async function lookAtNewer({ ledger, queues }: SyncDeps, ref: RecordRef, wrote: boolean): Promise<void> {
  const { pending, state } = await ledger.read(ref);
  if (pending && isSuperseded(pending.row, state?.row ?? null) && (await ledger.removePending(pending)) === 'done')
    return;
  if (pending) await queues.sendChange(ref, wrote ? FOLD_MS / 1000 : 0);
}

async function delay(
  deps: SyncDeps,
  lease: Lease,
  pending: Stored<PendingRow>,
  code: FailureCode,
  until: number,
  also: { readonly attempts?: number; readonly waitingSince?: string } = {},
): Promise<Applied> {
  const { queues, now } = deps;
  const wait = until - now();
  const hasMessage = wait <= LONGEST_MESSAGE_DELAY_MS;
  const to = {
    ...also,
    // Whatever is waited for may come earlier than the time to look again.
    notBefore: code === 'customer.missing' ? '' : iso(until),
    dueAt: iso(hasMessage ? until + LONGEST_MESSAGE_DELAY_MS : until),
    settled: '',
  };
  // Nothing is wrong with what waits for its customer: whatever an older state failed with is over.
  const listed = code === 'customer.missing' ? { failed: 'none' as const } : notSuspected(pending);
  const ending = await lease.end({}, { pending: { at: pending, to }, ...listed });
  if (ending === 'newer-state') await queues.sendChange(pending.row.ref);
  else if (ending === 'saved' && hasMessage) await queues.sendChange(pending.row.ref, wait / 1000);
  return { outcome: 'waiting', code };
}

/** The code carries the decision; what is no Failure is either storage's fault or our own. */
async function fail(deps: SyncDeps, lease: Lease, pending: Stored<PendingRow>, error: unknown): Promise<Applied> {
  if (isStorageFault(error)) throw error;
  const failure = error instanceof Failure ? error : new Failure('bug.unexpected');
  if (!(error instanceof Failure)) deps.log({ event: 'bug', ...pending.row.ref, ...describeError(error) });
  const { code, decision, scope, details } = failure;
  const about = {
    code,
    ...(details.detail !== undefined && { detail: details.detail }),
    ...(details.traceId !== undefined && { traceId: details.traceId }),
  };

  if (decision === 'configuration' || (decision === 'retry' && scope === 'global')) {
    if (decision === 'configuration' || code === 'token.unreachable') await deps.flow.report(failure);
    // A row was created, but not which one is known: the record must not be created once more.
    if (code === 'erp.external-id-changed' && lease.state.associateNo === null)
      return settle(deps, lease, pending, new Failure('create.uncertain', details));
    if ((await deps.flow.status()).is === 'open') {
      await delay(deps, lease, pending, code, deps.now() + globalDelay(details.retryAfterMs, deps.random));
      return { outcome: 'waiting', ...about };
    }
    await lease.end({}, { pending: { at: pending, to: { settled: '' } }, ...notSuspected(pending) });
    return { outcome: 'held', ...about };
  }
  if (decision === 'retry' && pending.row.attempts + 1 < MOST_ATTEMPTS) {
    const attempts = pending.row.attempts + 1;
    await delay(deps, lease, pending, code, deps.now() + ownDelay(attempts, deps.random), { attempts });
    return { outcome: 'waiting', ...about };
  }
  return settle(deps, lease, pending, failure);
}
