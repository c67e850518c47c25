import type { QueueClient } from '@azure/storage-queue';
import type { RecordRef } from '../record/index.ts';
import { QUEUES } from '../storage-names.ts';
import { isContainerGone, storageCall, storageStatus, type Storage, type StorageCall } from '../storage.ts';
import { encode, toPointer, type Pointer } from './message.ts';

export interface SentMessage {
  readonly id: string;
  readonly receipt: string;
}

export interface ReceivedPointer extends SentMessage {
  /** null: not one of ours, such as a message somebody put there by hand. */
  readonly pointer: Pointer | null;
}

/** Our messages never expire: a message may wait out a long outage. Delays are in seconds, at most seven days. */
export interface Queues {
  sendChange(ref: RecordRef, delaySeconds?: number): Promise<void>;
  sendWriteBack(ref: RecordRef, delaySeconds?: number): Promise<void>;
  sendPointer(ref: RecordRef, code: string): Promise<SentMessage>;
  /** Takes up to 32 poison messages, hidden from others for so long. */
  receivePointers(hiddenSeconds: number): Promise<readonly ReceivedPointer[]>;
  /** Gives a received poison message back at once. */
  returnPointer(message: SentMessage): Promise<SentMessage | null>;
  /** False when the receipt is no longer good: someone else has the message. */
  deletePointer(message: SentMessage): Promise<boolean>;
  /** Messages per queue, hidden ones too; approximate, as the service counts. */
  depths(): Promise<Readonly<Record<string, number>>>;
  changesDepth(): Promise<number>;
}

const NEVER = -1;

export function createQueues(storage: Storage, call: StorageCall = storageCall): Queues {
  const clients = new Map<string, QueueClient>();
  const client = (name: string): QueueClient => {
    const known = clients.get(name) ?? storage.queue(name);
    clients.set(name, known);
    return known;
  };

  /** A queue is made when it turns out not to be there: on the first use ever, or after somebody deleted it. */
  const withQueue = async <T>(
    name: string,
    use: (queue: QueueClient, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const work = (abortSignal: AbortSignal) => use(client(name), abortSignal);
    try {
      return await call(work);
    } catch (error) {
      if (!isContainerGone(error)) throw error;
      await call((abortSignal) => client(name).createIfNotExists({ abortSignal }));
      return call(work);
    }
  };

  const send = (name: string, text: string, delaySeconds = 0): Promise<SentMessage> =>
    withQueue(name, async (queue, abortSignal) => {
      const sent = await queue.sendMessage(text, {
        abortSignal,
        messageTimeToLive: NEVER,
        visibilityTimeout: Math.min(7 * 24 * 3600 - 1, Math.max(0, Math.ceil(delaySeconds))),
      });
      return { id: sent.messageId, receipt: sent.popReceipt };
    });

  const depth = (name: string): Promise<number> =>
    withQueue(
      name,
      async (queue, abortSignal) => (await queue.getProperties({ abortSignal })).approximateMessagesCount ?? 0,
    );

  /** Both the receipt and the message may be gone: then the message is no longer ours to touch. */
  const ifStillOurs = async <T>(work: (abortSignal: AbortSignal) => Promise<T>): Promise<T | null> => {
    try {
      return await call(work);
    } catch (error) {
      const status = storageStatus(error);
      if (status === 404 || status === 400) return null;
      throw error;
    }
  };

  return {
    async sendChange(ref, delaySeconds) {
      await send(QUEUES.changes, encode(ref), delaySeconds);
    },
    async sendWriteBack(ref, delaySeconds) {
      await send(QUEUES.writeBacks, encode(ref), delaySeconds);
    },
    sendPointer: (ref, code) => send(QUEUES.changesPoison, encode({ ...ref, code })),
    receivePointers: (hiddenSeconds) =>
      withQueue(QUEUES.changesPoison, async (queue, abortSignal) => {
        const { receivedMessageItems } = await queue.receiveMessages({
          abortSignal,
          numberOfMessages: 32,
          visibilityTimeout: hiddenSeconds,
        });
        return receivedMessageItems.map((item) => ({
          id: item.messageId,
          receipt: item.popReceipt,
          pointer: toPointer(item.messageText),
        }));
      }),
    returnPointer: (message) =>
      ifStillOurs(async (abortSignal) => {
        const queue = client(QUEUES.changesPoison);
        const { popReceipt } = await queue.updateMessage(message.id, message.receipt, undefined, 0, { abortSignal });
        return { id: message.id, receipt: popReceipt ?? '' };
      }),
    async deletePointer(message) {
      const done = await ifStillOurs((abortSignal) =>
        client(QUEUES.changesPoison).deleteMessage(message.id, message.receipt, { abortSignal }),
      );
      return done !== null;
    },
    async depths() {
      const names = Object.values(QUEUES);
      const counts = await Promise.all(names.map(depth));
      return Object.fromEntries(names.map((name, index) => [name, counts[index] ?? 0]));
    },
    changesDepth: () => depth(QUEUES.changes),
  };
}
