import { sendChanges, startCrmSimulator, type CrmEvent } from '../../crm/index.ts';
import { LOCAL_CRM_TOKEN, LOCAL_WEBHOOK_SECRET } from '../environment.ts';
import { answersText } from '../answers.ts';
import { recordsOf, sampleParts } from '../samples.ts';
import type { LocalCrm } from './local-crm.ts';
import { createTeller } from './teller.ts';

/** A CRM that speaks this program's own events. Fields that are written to it are told as any other change. */
export async function startStandard(port: number): Promise<LocalCrm> {
  const secret = LOCAL_WEBHOOK_SECRET;
  const teller = createTeller();
  let webhook: string | null = null;
  const tell = (event: CrmEvent): void => {
    const url = webhook;
    if (url !== null) teller.tell((wait) => sendChanges({ url, secret, events: [event], wait }));
  };
  const { origin, records, stop } = await startCrmSimulator({ port, token: LOCAL_CRM_TOKEN, isReadable: true, tell });
  return {
    route: 'crm',
    origin,
    settings: { CRM_ADAPTER: 'standard' },
    async *morning(url) {
      webhook = url;
      for (const [n, events] of sampleParts(new Date()).entries()) {
        for (const event of events) records.take(event);
        const answers = await sendChanges({ url, secret, events });
        const text = `${n === 0 ? 'The CRM sends' : 'Then'} ${events.length} signed changes. ${answersText(answers)}`;
        yield { text, refs: recordsOf(events) };
      }
    },
    hasNumber({ kind, crmId }, associateNo) {
      const numbers = kind === 'customer' ? records.customers.get(crmId) : records.contacts.get(crmId);
      return numbers !== undefined && numbers.actorNumber === associateNo;
    },
    async stop() {
      await teller.stop();
      await stop();
    },
  };
}
