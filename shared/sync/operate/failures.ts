import type { RecordRef } from '../../record/index.ts';
import { refText, type FailedRow, type PendingRow, type Stored } from '../../store/index.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { MESSAGE_GRACE_MS } from '../schedule.ts';

type FailureDeps = Pick<SyncDeps, 'ledger' | 'queues' | 'now'>;

/** Which failures: all that every given condition fits. */
export interface Selection {
  readonly refs?: readonly RecordRef[];
  readonly code?: string;
  /** Failed for at least so many hours. */
  readonly olderThanHours?: number;
}

export interface ReplayOptions {
  readonly dryRun: boolean;
  /** At most so many records. */
  readonly cap: number;
  /** Lets held deletions pass, and lost links be made anew. */
  readonly release: boolean;
  /** Called between two records: the caller's rate. */
  readonly pace: () => Promise<void>;
}

export type ReplayResult =
  /** Its newest state is queued again (with `dryRun`: would be). */
  | 'replayed'
  /** A newer state came in since the failure and is on its way: nothing to replay. */
  | 'superseded'
  /** A replay of it is under way already. */
  | 'being-replayed'
  /** Its values were deleted when their time was over: the CRM must send it again. */
  | 'payload-expired';

export interface Replayed {
  readonly ref: RecordRef;
  readonly code: string;
  readonly result: ReplayResult;
}

/** Every record that waits for a person, in the ledger's order. */
export async function listFailures(
  { ledger, now }: FailureDeps,
  selection: Selection = {},
): Promise<readonly FailedRow[]> {
  const wanted = selection.refs && new Set(selection.refs.map(refText));
  const before = iso(now() - (selection.olderThanHours ?? 0) * 3_600_000);
  const rows: FailedRow[] = [];
  for (const shard of ledger.shards) {
    for await (const listed of ledger.list(shard, ['failed'])) {
      if (listed.is !== 'failed') continue;
      const { ref, code, since } = listed.row;
      const fits =
        (!wanted || wanted.has(refText(ref))) &&
        (selection.code === undefined || code === selection.code) &&
        since <= before;
      if (fits) rows.push(listed.row);
    }
  }
  return rows;
}

/**
 * Has failed records tried again with their newest state. The message is sent before the pointer is taken from the
 * poison queue: killed between the two, the replay can simply be run again.
 */
export async function replay(
  deps: FailureDeps,
  selection: Selection,
  options: ReplayOptions,
): Promise<readonly Replayed[]> {
  const replayed: Replayed[] = [];
  for (const failed of await listFailures(deps, selection)) {
    if (replayed.filter(({ result }) => result === 'replayed').length >= options.cap) break;
    const result = await replayOne(deps, failed, options);
    replayed.push({ ref: failed.ref, code: failed.code, result });
    if (result === 'replayed' && !options.dryRun) await options.pace();
  }
  return replayed;
}

async function replayOne(
  deps: FailureDeps,
  { ref }: FailedRow,
  { dryRun, release }: ReplayOptions,
): Promise<ReplayResult> {
  const { ledger, queues, now } = deps;
  const { pending } = await ledger.read(ref);
  const failed = await ledger.readFailed(ref);
  if (failed?.row.code === 'crm.refused') return replayWriteBack(deps, failed, dryRun);
  if (!failed || !pending) {
    if (failed && !dryRun) await takeOffList(deps, failed);
    return 'superseded';
  }
  if (pending.row.expired) return 'payload-expired';
  if (pending.row.settled === '') {
    if (failed.row.replayedAt !== '') return 'being-replayed';
    // Neither newer nor noted as replayed: a replay that was killed halfway, to be finished now.
    if (pending.row.receivedAt > failed.row.lastAt) return 'superseded';
  }
  if (dryRun) return 'replayed';
  const again = {
    settled: '',
    notBefore: '',
    attempts: 0,
    waitingSince: '',
    released: release,
    dueAt: iso(now() + MESSAGE_GRACE_MS),
  };
  if ((await ledger.movePending(pending, again)) === 'conflict') return 'superseded';
  await ledger.moveFailed(failed, { replayedAt: iso(now()) });
  await queues.sendChange(ref);
  await dropPointer(deps, failed.row);
  return 'replayed';
}

/** The record itself is in order; only the CRM has not taken its numbers. */
async function replayWriteBack(deps: FailureDeps, failed: Stored<FailedRow>, dryRun: boolean): Promise<ReplayResult> {
  const { ref } = failed.row;
  const debt = await deps.ledger.readDebt(ref, 'writeback');
  if (!debt) {
    if (!dryRun) await takeOffList(deps, failed);
    return 'superseded';
  }
  if (dryRun) return 'replayed';
  await deps.ledger.moveDebt(debt, { dueAt: iso(deps.now() + MESSAGE_GRACE_MS), attempts: 0 });
  await deps.queues.sendWriteBack(ref);
  await takeOffList(deps, failed);
  return 'replayed';
}

/** Gives a change up: its values are deleted; the record's link and history stay. */
export async function discard(deps: FailureDeps, selection: Selection, dryRun: boolean): Promise<readonly RecordRef[]> {
  const discarded: RecordRef[] = [];
  for (const { ref } of await listFailures(deps, selection)) {
    const { pending } = await deps.ledger.read(ref);
    const failed = await deps.ledger.readFailed(ref);
    if (!failed) continue;
    // Numbers the CRM does not take: what comes from the CRM for this record goes its own way.
    const isWriteBack = failed.row.code === 'crm.refused';
    if (!isWriteBack && pending?.row.settled === '') continue;
    if (dryRun || (await discardOne(deps, failed, isWriteBack ? null : pending))) discarded.push(ref);
  }
  return discarded;
}

/** False when a newer state came in meanwhile: that one is on its way. */
async function discardOne(
  deps: FailureDeps,
  failed: Stored<FailedRow>,
  pending: Stored<PendingRow> | null,
): Promise<boolean> {
  if (pending && (await deps.ledger.removePending(pending)) === 'conflict') return false;
  if (failed.row.code === 'crm.refused') await deps.ledger.payDebt(failed.row.ref, 'writeback');
  await takeOffList(deps, failed);
  return true;
}

async function takeOffList(deps: FailureDeps, failed: Stored<FailedRow>): Promise<void> {
  await deps.ledger.removeFailed(failed.row.ref);
  await dropPointer(deps, failed.row);
}

/** Best effort: a pointer somebody else holds just now is taken away by the sweep. */
async function dropPointer(
  { queues, ledger }: FailureDeps,
  { ref, pointerId, pointerReceipt }: FailedRow,
): Promise<void> {
  if (pointerId === '') return;
  await queues.deletePointer({ id: pointerId, receipt: pointerReceipt });
  const failed = await ledger.readFailed(ref);
  if (failed?.row.pointerId === pointerId) await ledger.moveFailed(failed, { pointerId: '', pointerReceipt: '' });
}
