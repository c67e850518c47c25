import { toMessage, type Queues } from '../../shared/queues/index.ts';
import type { RecordRef } from '../../shared/record/index.ts';
import { QUEUES } from '../../shared/storage-names.ts';
import type { Travel } from './memory-table.ts';

export interface Message {
  readonly id: string;
  readonly text: string;
  receipt: string;
  visibleAt: number;
  dequeueCount: number;
}

interface Receipt {
  readonly id: string;
  readonly receipt: string;
}

const { changes, changesPoison, writeBacks } = QUEUES;

/** The queues of one storage account in memory. */
export class MemoryQueues {
  readonly #now: () => number;
  readonly #queues = new Map<string, Message[]>();
  #count = 0;
  /** The most messages that were in `crm-changes` at once. */
  deepest = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  of(name: string): Message[] {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    return queue;
  }

  visible(name: string): readonly Message[] {
    return this.of(name).filter(({ visibleAt }) => visibleAt <= this.#now());
  }

  put(name: string, text: string, delaySeconds = 0): Message {
    const id = String((this.#count += 1));
    const visibleAt = this.#now() + Math.max(0, Math.ceil(delaySeconds)) * 1000;
    const message = { id, text, receipt: id, visibleAt, dequeueCount: 0 };
    this.of(name).push(message);
    this.deepest = Math.max(this.deepest, this.of(changes).length);
    return message;
  }

  take(name: string, most: number, hiddenSeconds: number): readonly Message[] {
    const taken = this.visible(name).slice(0, most);
    for (const message of taken) {
      message.visibleAt = this.#now() + hiddenSeconds * 1000;
      message.dequeueCount += 1;
      message.receipt = String((this.#count += 1));
    }
    return taken.map((message) => ({ ...message }));
  }

  show(name: string, { id, receipt }: Receipt, afterMs: number): string | null {
    const message = this.of(name).find((each) => each.id === id && each.receipt === receipt);
    if (!message) return null;
    message.visibleAt = this.#now() + afterMs;
    message.receipt = String((this.#count += 1));
    return message.receipt;
  }

  remove(name: string, { id, receipt }: Receipt): boolean {
    const at = this.of(name).findIndex((each) => each.id === id && each.receipt === receipt);
    if (at >= 0) this.of(name).splice(at, 1);
    return at >= 0;
  }

  /** As one process uses them. */
  client(travel: Travel): Queues {
    const depth = (name: string): number => this.of(name).length;
    return {
      sendChange: (ref, delay) => travel(() => void this.put(changes, textOf(ref), delay)),
      sendWriteBack: (ref, delay) => travel(() => void this.put(writeBacks, textOf(ref), delay)),
      sendPointer: (ref, code) =>
        travel(() => {
          const { id, receipt } = this.put(changesPoison, textOf(ref, code));
          return { id, receipt };
        }),
      receivePointers: (hidden) =>
        travel(() =>
          this.take(changesPoison, 32, hidden).map(({ id, receipt, text }) => ({
            id,
            receipt,
            pointer: pointerOf(text),
          })),
        ),
      returnPointer: (message) =>
        travel(() => {
          const receipt = this.show(changesPoison, message, 0);
          return receipt === null ? null : { id: message.id, receipt };
        }),
      deletePointer: (message) => travel(() => this.remove(changesPoison, message)),
      depths: () => travel(() => Object.fromEntries(Object.values(QUEUES).map((name) => [name, depth(name)] as const))),
      changesDepth: () => travel(() => depth(changes)),
    };
  }
}

const textOf = (ref: RecordRef, code?: string): string =>
  JSON.stringify({ kind: ref.kind, crmId: ref.crmId, ...(code !== undefined && { code }) });

function pointerOf(text: string) {
  const ref = toMessage(text);
  if (!ref) return null;
  const { code } = JSON.parse(text) as { code?: string };
  return { ...ref, ...(code !== undefined && { code }) };
}
