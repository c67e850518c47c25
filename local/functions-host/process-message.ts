import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { LogLevel } from './core-types.ts';
import { decodeMessage } from './decode-message.ts';
import type { RunFunction } from './function-runner.ts';
import type { QueueOptions } from './host-json.ts';
import { keepMessageHidden } from './message-lease.ts';
import { sendToPoison } from './poison-queue.ts';
import { toQueueTriggerData } from './queue-trigger-data.ts';
import { isMessageGone } from './storage-errors.ts';

export interface QueueTrigger {
  /** The same queue twice: `receiver` fails fast, `queue` tries again. */
  readonly receiver: QueueClient;
  readonly queue: QueueClient;
  readonly poison: QueueClient | undefined;
  readonly options: QueueOptions;
  readonly leaseSeconds: number;
  readonly dataType: unknown;
  readonly run: RunFunction;
  readonly log: (level: LogLevel, message: string) => void;
}

/**
 * One message from received to deleted, released or poisoned, by the rules of QueueProcessor in Azure/azure-sdk-for-net
 * sdk/storage/Microsoft.Azure.WebJobs.Extensions.Storage.Queues: a text that does not decode is poison at once; a message
 * seen more often than `maxDequeueCount` is poison unrun; one that fails at that count is poison; any other failure comes
 * back after `visibilityTimeout`.
 */
export async function processMessage(trigger: QueueTrigger, message: DequeuedMessageItem): Promise<void> {
  const { queue, poison, options, log } = trigger;
  const text = decodeMessage(message.messageText, options.messageEncoding);
  if (text === undefined) {
    log('warning', `message ${message.messageId} is not ${options.messageEncoding}: moving it to poison`);
    await moveToPoison(trigger, message, message.popReceipt);
    return;
  }
  if (message.dequeueCount > options.maxDequeueCount) {
    await moveToPoison(trigger, message, message.popReceipt);
    return;
  }

  const lease = keepMessageHidden(queue, message, trigger.leaseSeconds);
  const result = await trigger.run(toQueueTriggerData(message, text, trigger.dataType));
  const popReceipt = await lease.release();

  if (result.succeeded) {
    await unlessGone(queue.deleteMessage(message.messageId, popReceipt));
  } else if (message.dequeueCount >= options.maxDequeueCount) {
    log('warning', `message ${message.messageId} failed ${message.dequeueCount} times: moving it to poison`);
    await moveToPoison(trigger, message, popReceipt);
  } else if (poison !== undefined) {
    await release(queue, message.messageId, popReceipt, options.visibilityTimeout);
  }
  // Without a poison queue a failed message stays hidden until its lease ends, which keeps it from spinning.
}

/** Two calls: a crash between them leaves the message in both queues, never in none. */
async function moveToPoison(
  { queue, poison }: QueueTrigger,
  message: DequeuedMessageItem,
  popReceipt: string,
): Promise<void> {
  if (poison === undefined) return;
  await sendToPoison(poison, message.messageText);
  await unlessGone(queue.deleteMessage(message.messageId, popReceipt));
}

/** Shows a message again after `delay` milliseconds; its text stays. */
export async function release(queue: QueueClient, id: string, popReceipt: string, delay: number): Promise<void> {
  await unlessGone(queue.updateMessage(id, popReceipt, undefined, Math.round(delay / 1000)));
}

async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isMessageGone(error)) throw error;
  }
}
