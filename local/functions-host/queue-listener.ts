import type { DequeuedMessageItem } from '@azure/storage-queue';
import { describeError } from './describe-error.ts';
import { InFlight } from './in-flight.ts';
import { pause } from './pause.ts';
import { PollingBackoff } from './polling-backoff.ts';
import { processMessage, release, type QueueTrigger } from './process-message.ts';

export interface Listener {
  /** Takes nothing new from now on; resolves when what runs has ended. */
  stop(): Promise<void>;
}

/**
 * Polls a queue by the rules of the WebJobs SDK's QueueListener: fetch up to `batchSize`, start them all, fetch again as
 * soon as at most `newBatchThreshold` run. So at most batchSize + newBatchThreshold are in hand. Storage that does not
 * answer is waited for, with one log line when it goes and one when it is back.
 */
export function startQueueListener(trigger: QueueTrigger): Listener {
  const { receiver, queue, options, log } = trigger;
  const stopping = new AbortController();
  const inHand = new InFlight();
  const backoff = new PollingBackoff(options.maxPollingInterval);
  let queueExists = false;
  let away = false;

  const receive = async (): Promise<readonly DequeuedMessageItem[]> => {
    try {
      if (!queueExists) await receiver.createIfNotExists();
      queueExists = true;
      const { receivedMessageItems } = await receiver.receiveMessages({
        numberOfMessages: options.batchSize,
        visibilityTimeout: trigger.leaseSeconds,
      });
      if (away) log('information', `storage answers again for queue ${queue.name}`);
      away = false;
      return receivedMessageItems;
    } catch (error) {
      if (!away) log('error', `cannot read queue ${queue.name}, trying on: ${describeError(error)}`);
      away = true;
      queueExists = false;
      return [];
    }
  };

  const handle = async (message: DequeuedMessageItem): Promise<void> => {
    try {
      if (stopping.signal.aborted) await release(queue, message.messageId, message.popReceipt, 0);
      else await processMessage(trigger, message);
    } catch (error) {
      // The message shows again when its lease ends: run twice rather than lost.
      log('error', `cannot settle message ${message.messageId} of ${queue.name}: ${describeError(error)}`);
    }
  };

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      // A call on its way is not cancelled by a stop: what it takes out of the queue would stay hidden for a whole lease.
      const messages = await receive();
      messages.forEach((message) => inHand.add(handle(message)));
      if (messages.length === 0) {
        await pause(backoff.next(), stopping.signal);
      } else {
        backoff.reset();
        await inHand.untilAtMost(options.newBatchThreshold);
      }
    }
    await inHand.untilAtMost(0);
  };

  const ended = poll();
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}
