import { writeBack } from '../../shared/crm/index.ts';
import { writeFields } from '../../shared/sync/index.ts';
import { onMessage } from './on-message.ts';

export const handle = onMessage({
  event: 'write-back',
  async work({ sync, writeBack: deps, settings }, ref) {
    const numbers = await writeBack(deps, ref);
    if (settings.ERP_TO_CRM === 'off' || settings.SYNC_MODE !== 'write') return numbers;
    const fields = await writeFields({ sync, writeBack: deps }, ref);
    return numbers.outcome === 'nothing-to-do' ? fields : { ...numbers, fields: fields.outcome };
  },
  sendAnew: (queues, ref, delaySeconds) => queues.sendWriteBack(ref, delaySeconds),
});
