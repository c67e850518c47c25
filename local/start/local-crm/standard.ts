import { sendChanges, startCrmSimulator } from '../../crm/index.ts';
import { LOCAL_CRM_TOKEN, LOCAL_WEBHOOK_SECRET } from '../environment.ts';
import { answersText } from '../answers.ts';
import { recordsOf, sampleParts } from '../samples.ts';
import type { LocalCrm } from './local-crm.ts';

/** A CRM that speaks this program's own events. */
export async function startStandard(port: number): Promise<LocalCrm> {
  const { origin, records, stop } = await startCrmSimulator({ port, token: LOCAL_CRM_TOKEN });
  return {
    route: 'crm',
    origin,
    settings: { CRM_ADAPTER: 'standard' },
    async *morning(url) {
      for (const [n, events] of sampleParts(new Date()).entries()) {
        const answers = await sendChanges({ url, secret: LOCAL_WEBHOOK_SECRET, events });
        const text = `${n === 0 ? 'The CRM sends' : 'Then'} ${events.length} signed changes. ${answersText(answers)}`;
        yield { text, refs: recordsOf(events) };
      }
    },
    hasNumber({ kind, crmId }, associateNo) {
      const numbers = kind === 'customer' ? records.customers.get(crmId) : records.contacts.get(crmId);
      return numbers !== undefined && numbers.actorNumber === associateNo;
    },
    stop,
  };
}
