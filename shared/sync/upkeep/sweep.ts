import { randomUUID } from 'node:crypto';
import type { RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import {
  DUE,
  isOpen,
  refText,
  UnreadableRow,
  type Claim,
  type OutboxRow,
  type FailedRow,
  type Listed,
  type PendingRow,
  type Stored,
} from '../../store/index.ts';
import { QUEUES } from '../../storage-names.ts';
import { catchUp } from './catch-up.ts';
import { sendOwed } from './outbox.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { numberInterval } from '../decide/numbers.ts';
import { pollWhenDue } from '../way-back/poll.ts';
import { reconcilePoison, rightDepth } from './poison.ts';
import { probeFor } from '../attempt/probe.ts';
import { forgetExpired, isExpired, isUnreadableExpired, lookAtStates } from './retention.ts';
import { forgetWaits } from './waits.ts';

export interface SweepReport {
  readonly fed: number;
  readonly pending: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly oldestPendingMinutes: number;
}

/** The queue never holds many more messages than this by the sweep's doing, however long the ERP was away. */
const FULL_QUEUE = 2_000;
const OUTBOX_DELAY_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * What keeps the promises that a killed process left: sends what is owed, sends messages for records that are due, keeps the
 * poison queue as the ledger says, lets go of what is too old, and writes the heartbeat. Null when another instance
 * sweeps just now.
 */
export async function sweep(deps: SyncDeps): Promise<SweepReport | null> {
  const { ledger, settings, now } = deps;
  const me = randomUUID();
  /** Held anew while a long one lasts, so that it stays the only one. */
  const claims: Claim[] = [];
  const hold = async (): Promise<boolean> => {
    const until = iso(now() + Math.max(settings.SWEEP_SECONDS, 10) * 1000);
    const held = await ledger.claimUntil('sweep', me, until, iso(now()));
    if (held) claims.unshift(held);
    return held !== null;
  };
  if (!(await hold())) return null;
  try {
    const report = await sweepOnce(deps, hold);
    await catchUp(deps);
    await pollWhenDue(deps);
    await forgetDaily(deps);
    return report;
  } finally {
    const [newest] = claims;
    if (newest) await ledger.releaseClaim(newest);
  }
}

async function sweepOnce(deps: SyncDeps, hold: () => Promise<boolean>): Promise<SweepReport> {
  const { ledger, queues, now, log } = deps;
  const status = await flowAfterProbe(deps);
  const room = status === 'open' ? Math.max(0, FULL_QUEUE - (await queues.changesDepth())) : 0;
  const failures: Record<string, number> = {};
  const failed: RecordRef[] = [];
  const listedAsFailed = new Set<string>();
  let [fed, pending, oldest, lacksPointer, unreadable] = [0, 0, now(), false, 0];
  const lookAt = async (listed: Listed): Promise<void> => {
    switch (listed.is) {
      case 'unreadable':
        // There may be personal values in it, and nobody else can tell when their time is over.
        if (await isUnreadableExpired(deps, listed.row)) await ledger.removeUnreadable(listed.row);
        else unreadable += 1;
        break;
      case 'outbox':
        await sendIfDue(deps, listed);
        break;
      case 'fields':
        break;
      case 'failed':
        countFailure(failures, listed.row);
        listedAsFailed.add(refText(listed.row.ref));
        if (listed.row.replayedAt !== '') break;
        failed.push(listed.row.ref);
        lacksPointer ||= listed.row.pointerId === '';
        break;
      case 'pending': {
        const { row } = listed;
        if (isExpired(deps, row)) await forgetExpired(deps, listed);
        if (row.status === 'failed') {
          if (row.failure !== 'field.conflict' && !listedAsFailed.has(refText(row.ref)))
            await takeUpAgain(deps, listed);
          break;
        }
        pending += 1;
        // What waits by design, for a customer or for the end of plan mode, is not late.
        if (isOpen(row) && row.waitingSince === '') oldest = Math.min(oldest, Date.parse(row.receivedAt));
        if (fed < room && isDue(deps, row) && (await feed(deps, listed))) fed += 1;
      }
    }
  };
  for (const shard of ledger.shards) {
    for await (const listed of ledger.list(shard)) {
      try {
        await lookAt(listed);
      } catch (error) {
        // Another row of this record; all others still need the sweep.
        if (!(error instanceof UnreadableRow)) throw error;
        unreadable += 1;
      }
    }
  }
  const depths = await queues.depths();
  // A failure that cannot be read may have a pointer: none is judged until it can.
  const isPoisonRight =
    unreadable > 0 || (!lacksPointer && depths[QUEUES.changesPoison] === rightDepth(queues, failed.length));
  if (!isPoisonRight && (await hold())) await reconcilePoison(deps, failed, hold);
  const oldestPendingMinutes = Math.floor((now() - oldest) / 60_000);
  const intervalLeft = status === 'open' ? await numbersLeftHourly(deps) : null;
  log({
    event: 'heartbeat',
    flow: status,
    queues: depths,
    pending,
    oldestPendingMinutes,
    failures,
    unreadable,
    fed,
    intervalLeft,
  });
  return { fed, pending, failures, oldestPendingMinutes };
}

/** Customer numbers left above the highest in use, asked once an hour: an alert is due before the interval is full. */
async function numbersLeftHourly({ erp, ledger, settings, now }: SyncDeps): Promise<number | null> {
  const interval = numberInterval(settings);
  if (!interval || !(await ledger.claimUntil('interval', randomUUID(), iso(now() + HOUR_MS), iso(now())))) return null;
  try {
    return interval.to - Math.max(await erp.highestCustomerNo(interval), interval.from - 1);
  } catch (error) {
    // The ERP is away: its own line says so, and the next hour asks again.
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** What reads whole tables is done once a day, by whichever instance sweeps first. */
async function forgetDaily(deps: SyncDeps): Promise<void> {
  const { ledger, audit, now, log } = deps;
  const claim = await ledger.claimUntil('daily', randomUUID(), iso(now() + DAY_MS), iso(now()));
  if (!claim) return;
  try {
    const { forgotten, owed, isDone } = await lookAtStates(deps);
    const waits = await forgetWaits(deps);
    const tombstones = await deps.tombstones.forget();
    const receipts = await deps.receipts.forget();
    const auditEntries = await audit.forget();
    log({ event: 'retention', records: forgotten, waits, tombstones, receipts, auditEntries, owed });
    if (!isDone) await ledger.releaseClaim(claim);
  } catch (error) {
    // Not done today after all: the next sweep begins again.
    await ledger.releaseClaim(claim);
    throw error;
  }
}

async function flowAfterProbe(deps: SyncDeps): Promise<'open' | 'paused' | 'stopped'> {
  const { flow } = deps;
  const status = await flow.status();
  if (status.is !== 'stopped') return status.is;
  try {
    return (await flow.tryProbe(() => probeFor(deps, status.code))) ? 'open' : 'stopped';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return 'stopped';
  }
}

async function sendIfDue(deps: SyncDeps, entry: Stored<OutboxRow>): Promise<void> {
  const { ref, what, dueAt, attempts, wakes } = entry.row;
  if (dueAt > iso(deps.now())) return;
  if (what === 'look' && deps.settings.ERP_TO_CRM === 'off') {
    await deps.ledger.removeOwed(ref, 'look', entry);
    return;
  }
  const later = iso(deps.now() + OUTBOX_DELAY_MS * Math.min(10, attempts + 1));
  if ((await deps.ledger.moveOwed(entry, { dueAt: later, attempts: attempts + 1 })) === 'conflict') return;
  await sendOwed(deps, ref, wakes ? ['wake', what] : [what]);
}

function isDue({ settings, now }: SyncDeps, row: PendingRow): boolean {
  if (row.status === 'planned') return settings.SYNC_MODE === 'write';
  return row.dueAt <= iso(now());
}

/** Failed, and not on the list: killed right after its last try had come to an end, and before its row was gone. */
async function takeUpAgain({ ledger, now }: SyncDeps, pending: Stored<PendingRow>): Promise<void> {
  if (await ledger.readFailed(pending.row.ref)) return;
  await ledger.movePending(pending, { ...DUE, dueAt: iso(now()) });
}

/** The time is moved first: should two look at the row, one sends. */
async function feed({ ledger, queues, settings, now }: SyncDeps, pending: Stored<PendingRow>): Promise<boolean> {
  const dueAt = iso(now() + settings.LEASE_SECONDS * 1000);
  if ((await ledger.movePending(pending, { ...DUE, dueAt })) === 'conflict') return false;
  await queues.sendChange(pending.row.ref);
  return true;
}

function countFailure(failures: Record<string, number>, { code }: FailedRow): void {
  failures[code] = (failures[code] ?? 0) + 1;
}
