import type { RecordRef } from '../../shared/record/index.ts';
import type { Queues } from '../../shared/queues/index.ts';
import { toMessage } from '../../shared/queues/index.ts';
import { QUEUES } from '../../shared/storage-names.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Message {
  readonly id: string;
  readonly text: string;
  receipt: string;
  visibleAt: number;
  dequeueCount: number;
}

/** The queues of one storage account in memory. */
export class MemoryQueues {
  readonly #time: VirtualTime;
  readonly #queues = new Map<string, Message[]>();
  #count = 0;
  /** The most messages that were in `crm-changes` at once. */
  deepest = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  of(name: string): Message[] {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    return queue;
  }

  put(name: string, text: string, delaySeconds = 0): Message {
    const id = String((this.#count += 1));
    const visibleAt = this.#time.now() + Math.max(0, Math.ceil(delaySeconds)) * 1000;
    const message = { id, text, receipt: id, visibleAt, dequeueCount: 0 };
    this.of(name).push(message);
    this.deepest = Math.max(this.deepest, this.of(QUEUES.changes).length);
    return message;
  }

  take(name: string, most: number, hiddenSeconds: number): readonly Message[] {
    const now = this.#time.now();
    const taken = this.of(name)
      .filter((message) => message.visibleAt <= now)
      .slice(0, most);
    for (const message of taken) {
      message.visibleAt = now + hiddenSeconds * 1000;
      message.dequeueCount += 1;
      message.receipt = String((this.#count += 1));
    }
    return taken.map((message) => ({ ...message }));
  }

  show(name: string, { id, receipt }: { id: string; receipt: string }, afterMs: number): string | null {
    const message = this.of(name).find((each) => each.id === id && each.receipt === receipt);
    if (!message) return null;
    message.visibleAt = this.#time.now() + afterMs;
    message.receipt = String((this.#count += 1));
    return message.receipt;
  }

  remove(name: string, { id, receipt }: { id: string; receipt: string }): boolean {
    const at = this.of(name).findIndex((each) => each.id === id && each.receipt === receipt);
    if (at >= 0) this.of(name).splice(at, 1);
    return at >= 0;
  }

  /** As one process uses them. */
  client(): Queues {
    const travel = async <T>(work: () => T): Promise<T> => {
      await this.#time.hop();
      const result = work();
      await this.#time.hop();
      return result;
    };
    const text = (ref: RecordRef, code?: string): string =>
      JSON.stringify({ kind: ref.kind, crmId: ref.crmId, ...(code !== undefined && { code }) });
    const { changes, changesPoison, writeBacks } = QUEUES;
    const depth = (name: string): number => this.of(name).length;
    return {
      sendChange: (ref, delay) => travel(() => void this.put(changes, text(ref), delay)),
      sendWriteBack: (ref, delay) => travel(() => void this.put(writeBacks, text(ref), delay)),
      sendPointer: (ref, code) =>
        travel(() => {
          const { id, receipt } = this.put(changesPoison, text(ref, code));
          return { id, receipt };
        }),
      receivePointers: (hidden) =>
        travel(() =>
          this.take(changesPoison, 32, hidden).map(({ id, receipt, text: body, dequeueCount }) => {
            const ref = toMessage(body);
            const { code } = JSON.parse(body) as { code?: string };
            const pointer = ref && { ...ref, ...(code !== undefined && { code }) };
            return { id, receipt, pointer, dequeueCount };
          }),
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
