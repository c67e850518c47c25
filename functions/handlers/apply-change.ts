import { applyChange } from '../../shared/sync/index.ts';
import { onMessage } from './on-message.ts';

export const handle = onMessage({
  event: 'apply',
  work: ({ sync }, ref, log) => applyChange({ ...sync, log }, ref),
  sendAnew: (queues, ref, delaySeconds) => queues.sendChange(ref, delaySeconds),
});
