import type { RecordRef } from '../change/index.ts';
import { emptyFailed, emptyState, refText } from '../ledger/index.ts';
import type { Pointer, ReceivedPointer } from '../queues/index.ts';
import { iso, NEVER, type SyncDeps } from './deps.ts';

type PoisonDeps = Pick<SyncDeps, 'ledger' | 'queues' | 'now'>;

/** Longer than it takes to look at them all: a message that came back in between would be seen twice. */
const HIDDEN_SECONDS = 300;
/** Rounds of 32 messages: more than that waits for the next sweep. */
const MOST_ROUNDS = 200;

/**
 * Makes the poison queue say what the ledger says: one message per failed record, without expiry. The platform's own
 * copies (a record that ended the process five times) are taken over before they expire; pointers of records that are
 * no longer failed go.
 */
export async function reconcilePoison(deps: PoisonDeps, failed: readonly RecordRef[]): Promise<void> {
  const { queues } = deps;
  const kept = new Map<string, ReceivedPointer>();
  const foreign: ReceivedPointer[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const messages = await queues.receivePointers(HIDDEN_SECONDS);
    if (messages.length === 0) break;
    for (const message of messages) {
      // Not one of ours: a person put it there, or a message whose encoding is wrong. It stays for a person.
      if (!message.pointer) foreign.push(message);
      else if (kept.has(refText(message.pointer)) || !(await isListed(deps, message.pointer))) {
        await queues.deletePointer(message);
      } else kept.set(refText(message.pointer), message);
    }
  }
  for (const message of foreign) await queues.returnPointer(message);
  for (const message of kept.values()) await putBack(deps, message);
  for (const ref of failed) {
    if (!kept.has(refText(ref))) await replacePointer(deps, ref);
  }
}

async function isListed(deps: PoisonDeps, pointer: Pointer): Promise<boolean> {
  const isCopy = pointer.code === undefined;
  const failed = (await deps.ledger.readFailed(pointer)) ?? (isCopy ? await suspect(deps, pointer) : null);
  return failed !== null && failed.row.replayedAt === '';
}

/** Our pointer goes back as it was; in place of the platform's copy, which would expire, comes one of ours. */
async function putBack(deps: PoisonDeps, message: ReceivedPointer): Promise<void> {
  const { queues, ledger } = deps;
  const { pointer } = message;
  if (!pointer) return;
  if (pointer.code === undefined) {
    await replacePointer(deps, pointer);
    await queues.deletePointer(message);
    return;
  }
  const failed = await ledger.readFailed(pointer);
  // Replayed or settled while we looked.
  if (failed?.row.replayedAt !== '') {
    await queues.deletePointer(message);
    return;
  }
  const returned = await queues.returnPointer(message);
  if (returned) await ledger.moveFailed(failed, { pointerId: returned.id, pointerReceipt: returned.receipt });
}

/** The process ended five times over this record before it could say anything. */
async function suspect({ ledger, now }: PoisonDeps, pointer: Pointer) {
  const ref: RecordRef = { kind: pointer.kind, crmId: pointer.crmId };
  const { pending } = await ledger.read(ref);
  if (!pending || pending.row.settled !== '') return null;
  if ((await ledger.movePending(pending, { settled: 'crash.suspected', dueAt: NEVER })) === 'conflict') return null;
  const time = iso(now());
  await ledger.writeFailed({ ...emptyFailed, ref, code: 'crash.suspected', since: time, lastAt: time });
  await markFailed(ledger, ref);
  return ledger.readFailed(ref);
}

/** So that its success takes it off the list; a record that ended the process at once has no state yet. */
async function markFailed(ledger: PoisonDeps['ledger'], ref: RecordRef): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    const state = await ledger.readState(ref);
    const row = { ...(state?.row ?? emptyState(ref)), failed: true };
    if ((await ledger.writeState(row, state)) !== 'conflict') return;
  }
}

async function replacePointer({ ledger, queues }: PoisonDeps, ref: RecordRef): Promise<void> {
  const failed = await ledger.readFailed(ref);
  if (failed?.row.replayedAt !== '') return;
  const sent = await queues.sendPointer(ref, failed.row.code);
  await ledger.moveFailed(failed, { pointerId: sent.id, pointerReceipt: sent.receipt });
}
