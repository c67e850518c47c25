import type { RecordRef } from '../../record/index.ts';
import { DUE, iso, isOpen, refText, type FailedRow, type Stored } from '../../store/index.ts';
import { MESSAGE_GRACE_MS } from '../schedule.ts';
import { Failure } from '../../failure.ts';
import type { SyncDeps } from '../deps.ts';
import { settleField } from '../way-back/settle-field.ts';
import { listFailures, type FailureDeps } from './failures.ts';
import { takeOffList, dropPointer } from './off-list.ts';
import { listOpenFields } from './open-fields.ts';
import type { OpenFields } from './open-fields-of.ts';
import type { Selection } from './selection.ts';
import { freeOne } from './waiting.ts';

export interface ReplayOptions {
  readonly dryRun: boolean;
  /** At most so many records. */
  readonly cap: number;
  /** Lets held deletions pass, and lost links be made anew. */
  readonly release: boolean;
  /** Says that each is a record of its own, whatever rows look like it. */
  readonly create?: boolean;
  /** Called between two records: the caller's rate. */
  readonly pace: () => Promise<void>;
}

export type ReplayResult =
  /** Its newest state is queued again. */
  | 'replayed'
  /** A dry run: it would be. */
  | 'would-replay'
  /** A newer state came in since the failure and is on its way: nothing to replay. */
  | 'superseded'
  /** A replay of it is under way already. */
  | 'being-replayed'
  /** Both sides changed it: a person says whose value counts, by settling the field. */
  | 'needs-choice'
  /** Something stands in its way: its row is gone, or it is restricted. */
  | 'not-now'
  /** Its values were deleted when their time was over: the CRM must send it again. */
  | 'payload-expired'
  /** It has not failed: it waited for its next try, which is now. */
  | 'freed'
  /** A dry run: it would be. */
  | 'would-free';

export interface Replayed {
  readonly ref: RecordRef;
  readonly code: string;
  readonly result: ReplayResult;
}

/**
 * Has failed records tried again with their newest state, and fields that the CRM refused, or that were held, sent to it.
 * The message is sent before the pointer is taken from the poison queue: killed between the two, the replay can simply be
 * run again.
 */
export async function replay(
  deps: SyncDeps,
  selection: Selection,
  options: ReplayOptions,
): Promise<readonly Replayed[]> {
  const replayed: Replayed[] = [];
  let taken = 0;
  for (const failed of await listFailures(deps, selection)) {
    if (taken >= options.cap) break;
    const result = await replayOne(deps, failed, options);
    replayed.push({ ref: failed.ref, code: failed.code, result });
    if (result === 'replayed' || result === 'would-replay') taken += 1;
    if (result === 'replayed') await options.pace();
  }
  for (const open of await listOpenFields(deps, selection)) {
    if (taken >= options.cap) break;
    if (open.code === 'to-crm') continue;
    const result = await replayFields(deps, open, options.dryRun);
    replayed.push({ ref: open.ref, code: open.code, result });
    if (result === 'replayed' || result === 'would-replay') taken += 1;
    if (result === 'replayed') await options.pace();
  }
  const failed = new Set(replayed.map(({ ref }) => refText(ref)));
  const others = (selection.refs ?? []).filter((ref) => !failed.has(refText(ref)));
  return [...replayed, ...(await freeNamed(deps, others, options.dryRun))];
}

/** Records that a person names and that only wait for their next try need not wait for it. */
async function freeNamed(deps: FailureDeps, refs: readonly RecordRef[], dryRun: boolean): Promise<readonly Replayed[]> {
  const freed: Replayed[] = [];
  for (const ref of refs) {
    const { pending } = await deps.ledger.read(ref);
    if (!pending || !isOpen(pending.row) || pending.row.notBefore <= iso(deps.now())) continue;
    if (!dryRun && (await freeOne(deps, ref)) !== 'freed') continue;
    freed.push({ ref, code: 'next-attempt', result: dryRun ? 'would-free' : 'freed' });
  }
  return freed;
}

async function replayOne(
  deps: FailureDeps,
  { ref }: FailedRow,
  { dryRun, release, create = false }: Omit<ReplayOptions, 'cap' | 'pace'>,
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
  if (isOpen(pending.row)) {
    if (failed.row.replayedAt !== '') return 'being-replayed';
    // Neither newer nor noted as replayed: a replay that was killed halfway, to be finished now.
    if (pending.row.receivedAt > failed.row.lastAt) return 'superseded';
  }
  if (dryRun) return 'would-replay';
  const again = {
    ...DUE,
    notBefore: '',
    attempts: 0,
    waitingSince: '',
    released: release,
    ...(create && { order: 'create' as const }),
    dueAt: iso(now() + MESSAGE_GRACE_MS),
  };
  if ((await ledger.movePending(pending, again)) === 'conflict') return 'superseded';
  await ledger.moveFailed(failed, { replayedAt: iso(now()), pointerId: '', pointerReceipt: '' });
  await queues.sendChange(ref);
  await dropPointer(deps, failed.row);
  return 'replayed';
}

/** What the CRM is to have of the ERP goes out now, whatever the hour has had. */
async function replayFields(deps: SyncDeps, { ref, code, fields }: OpenFields, dryRun: boolean): Promise<ReplayResult> {
  if (code === 'field.conflict') return 'needs-choice';
  if (dryRun) return 'would-replay';
  try {
    const choice = { use: 'erp' } as const;
    for (const field of fields) await settleField(deps, { ref, field, choice, isSeen: () => true });
  } catch (error) {
    if (!(error instanceof Failure) || error.scope === 'global') throw error;
    // One record's trouble keeps none of the others.
    return error.code === 'lease.held' ? 'being-replayed' : 'not-now';
  }
  return 'replayed';
}

/** The record itself is in order; only the CRM has not taken its numbers. */
async function replayWriteBack(deps: FailureDeps, failed: Stored<FailedRow>, dryRun: boolean): Promise<ReplayResult> {
  const { ref } = failed.row;
  const entry = await deps.ledger.readOwed(ref, 'writeback');
  if (!entry) {
    if (!dryRun) await takeOffList(deps, failed);
    return 'superseded';
  }
  if (dryRun) return 'would-replay';
  await deps.ledger.moveOwed(entry, { dueAt: iso(deps.now() + MESSAGE_GRACE_MS), attempts: 0, listed: false });
  await deps.queues.sendWriteBack(ref);
  await takeOffList(deps, failed);
  return 'replayed';
}
