import { applyChange, MOST_DEQUEUES } from '../../shared/sync/index.ts';
import { onMessage } from './on-message.ts';

export const handle = onMessage({
  event: 'apply',
  work: ({ sync }, ref, attempt, log) => applyChange({ ...sync, log }, ref, attempt >= MOST_DEQUEUES),
  sendAnew: (queues, ref, delaySeconds) => queues.sendChange(ref, delaySeconds),
});
