import { writeBack } from '../../shared/crm/index.ts';
import { onMessage } from './on-message.ts';

export const handle = onMessage({
  event: 'write-back',
  work: ({ writeBack: deps }, ref) => writeBack(deps, ref),
  sendAnew: (queues, ref, delaySeconds) => queues.sendWriteBack(ref, delaySeconds),
});
