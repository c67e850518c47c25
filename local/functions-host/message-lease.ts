import type { QueueClient } from '@azure/storage-queue';

export interface MessageLease {
  /** Ends the renewing and gives the receipt that is valid now. */
  release(): Promise<string>;
}

/**
 * Keeps a received message hidden while its function runs: renews when half the lease is over; after a failed renewal it
 * tries again in half the time left (UpdateQueueMessageVisibilityCommand of the WebJobs SDK). Every renewal changes the
 * pop receipt.
 */
export function keepMessageHidden(
  queue: QueueClient,
  message: { readonly messageId: string; readonly popReceipt: string },
  leaseSeconds: number,
): MessageLease {
  let popReceipt = message.popReceipt;
  let renewing = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const renew = async (wait: number): Promise<void> => {
    try {
      const updated = await queue.updateMessage(message.messageId, popReceipt, undefined, leaseSeconds);
      popReceipt = updated.popReceipt ?? popReceipt;
      schedule(leaseSeconds * 500);
    } catch {
      schedule(Math.max(wait / 2, 100));
    }
  };
  const schedule = (wait: number): void => {
    if (ended) return;
    timer = setTimeout(() => {
      renewing = renew(wait);
    }, wait);
  };
  schedule(leaseSeconds * 500);

  return {
    async release() {
      ended = true;
      clearTimeout(timer);
      await renewing;
      return popReceipt;
    },
  };
}
