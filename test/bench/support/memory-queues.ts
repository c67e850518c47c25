import type { RecordRef } from '../../../shared/record/index.ts';
import type { Queues } from '../../../shared/queues/index.ts';

export interface MemoryQueues extends Queues {
  /** Takes the messages that are due at a time, oldest first. */
  take(now: number): readonly RecordRef[];
  /** When the next message comes due; null when there is none. */
  nextAt(): number | null;
}

/** The queue of changes in memory; nothing is hidden while it is worked on, since nobody dies here. */
export function memoryQueues(now: () => number): MemoryQueues {
  let messages: { readonly ref: RecordRef; readonly at: number }[] = [];
  let sent = 0;
  const noMessages = { id: '', receipt: '' };
  return {
    async sendChange(ref, delaySeconds = 0) {
      messages.push({ ref, at: now() + Math.max(0, delaySeconds) * 1000 });
    },
    sendWriteBack: async () => undefined,
    async sendPointer() {
      sent += 1;
      return { id: String(sent), receipt: String(sent) };
    },
    receivePointers: async () => [],
    returnPointer: async () => noMessages,
    deletePointer: async () => true,
    depths: async () => ({ 'crm-changes': messages.length }),
    changesDepth: async () => messages.length,
    take(time) {
      const due = messages.filter(({ at }) => at <= time);
      messages = messages.filter(({ at }) => at > time);
      return due.map(({ ref }) => ref);
    },
    nextAt: () => (messages.length === 0 ? null : Math.min(...messages.map(({ at }) => at))),
  };
}
