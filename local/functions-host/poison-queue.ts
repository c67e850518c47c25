import type { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { hasStatus } from './storage-errors.ts';

const SUFFIX = '-poison';
/** The longest queue name the service takes. */
const LONGEST_NAME = 63;

/** The poison queue of a queue; a poison queue itself, or one with too long a name, has none (QueueListenerFactory). */
export function poisonQueueFor(service: QueueServiceClient, queueName: string): QueueClient | undefined {
  const name = `${queueName}${SUFFIX}`;
  return queueName.endsWith(SUFFIX) || name.length > LONGEST_NAME ? undefined : service.getQueueClient(name);
}

/**
 * Copies the text as it is stored. The copy is a new message with a new id and the service's default life of 7 days; the
 * queue is made on first use.
 */
export async function sendToPoison(poison: QueueClient, messageText: string): Promise<void> {
  try {
    await poison.sendMessage(messageText);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
    await poison.createIfNotExists();
    await poison.sendMessage(messageText);
  }
}
