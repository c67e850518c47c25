import type { RecordRef } from '../../record/index.ts';
import {
  emptyFailed,
  emptyState,
  failedWith,
  isOpen,
  refText,
  UnreadableRow,
  type FailedRow,
} from '../../store/index.ts';
import type { Pointer, Queues, ReceivedPointer } from '../../queues/index.ts';
import { QUEUES } from '../../storage-names.ts';
import { iso, NEVER, type SyncDeps } from '../deps.ts';

type PoisonDeps = Pick<SyncDeps, 'ledger' | 'queues' | 'now'>;

/** Longer than it takes to look at them all: a message that came back in between would be seen twice. */
const HIDDEN_SECONDS = 300;
/** Rounds of 32 messages: more than that waits for the next sweep. */
const MOST_ROUNDS = 200;
const BETWEEN_HOLDS = 32;

/** How many messages that are none of ours each process last saw in the poison queue: they stay, for a person. */
const foreignSeen = new WeakMap<Queues, number>();

/** How many messages the poison queue has when all is right: one for each failed record, and what is none of ours. */
export const rightDepth = (queues: Queues, failed: number): number => failed + (foreignSeen.get(queues) ?? 0);

/**
 * Makes the poison queue say what the ledger says: one message per failed record, without expiry. The platform's own
 * copies (a record that ended the process five times) are taken over before they expire; pointers of records that are
 * no longer failed go.
 *
 * @param hold keeps other sweeps away a little longer; false when one has begun: it goes on then, not this one.
 */
export async function reconcilePoison(
  deps: PoisonDeps,
  failed: readonly RecordRef[],
  hold: () => Promise<boolean>,
): Promise<void> {
  const { queues } = deps;
  const kept = new Map<string, ReceivedPointer>();
  const foreign: ReceivedPointer[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const messages = await queues.receivePointers(HIDDEN_SECONDS);
    if (messages.length === 0) break;
    if (!(await hold())) return;
    for (const message of messages) {
      // Not one of ours: a person put it there, or a message whose encoding is wrong. It stays for a person.
      if (!message.pointer) foreign.push(message);
      else if (kept.has(refText(message.pointer)) || !(await isListed(deps, message.pointer))) {
        await queues.deletePointer(message);
      } else kept.set(refText(message.pointer), message);
    }
  }
  // What a sweep that was killed has in its hand shows again by itself; in its place nothing may be put.
  const hidden = ((await queues.depths())[QUEUES.changesPoison] ?? 0) - kept.size - foreign.length;
  foreignSeen.set(queues, foreign.length);
  for (const message of foreign) await queues.returnPointer(message);
  let done = 0;
  for (const message of kept.values()) {
    if ((done += 1) % BETWEEN_HOLDS === 0 && !(await hold())) return;
    await putBack(deps, message);
  }
  if (hidden > 0) return;
  for (const ref of failed.filter((each) => !kept.has(refText(each)))) {
    if ((done += 1) % BETWEEN_HOLDS === 0 && !(await hold())) return;
    await replacePointer(deps, ref);
  }
}

async function isListed(deps: PoisonDeps, pointer: Pointer): Promise<boolean> {
  const isCopy = pointer.code === undefined;
  try {
    const failed = (await deps.ledger.readFailed(pointer)) ?? (isCopy ? await suspect(deps, pointer) : null);
    return failed !== null && failed.row.replayedAt === '';
  } catch (error) {
    // Nobody can say: the sweep sends the record's message again, and a list that cannot be read is not judged.
    if (error instanceof UnreadableRow) return false;
    throw error;
  }
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
  // Replayed or done while we looked.
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
  const { pending, state } = await ledger.read(ref);
  if (!pending || !isOpen(pending.row)) return null;
  const over = state ?? (await ledger.writeState(emptyState(ref), null));
  if (over === 'conflict') return null;
  const time = iso(now());
  const failed: FailedRow = { ...emptyFailed, ref, code: 'crash.suspected', since: time, lastAt: time };
  // Together: a record that has failed and is not listed would wait for nobody.
  const to = { ...failedWith(failed.code), dueAt: NEVER };
  if ((await ledger.save(over.row, over, { failed, pending: { at: pending, to } })) === 'conflict') return null;
  return ledger.readFailed(ref);
}

async function replacePointer({ ledger, queues }: PoisonDeps, ref: RecordRef): Promise<void> {
  const failed = await ledger.readFailed(ref);
  if (failed?.row.replayedAt !== '') return;
  const sent = await queues.sendPointer(ref, failed.row.code);
  await ledger.moveFailed(failed, { pointerId: sent.id, pointerReceipt: sent.receipt });
}
