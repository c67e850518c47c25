import type { CrmId, Kind, RecordRef } from '../../../shared/record/index.ts';
import { startSuperofficeSimulator } from '../../crm/superoffice/simulator.ts';
import { deliver } from '../../crm/superoffice/webhooks.ts';
import { LOCAL_CRM_TOKEN } from '../environment.ts';
import type { LocalCrm, Told } from './local-crm.ts';
import { createTeller } from './teller.ts';

const SECRET = 'local-superoffice-secret';
/** The associate as whom the program writes: what it changes is an echo. */
const ASSOCIATE = 7;

const refOf = (kind: Kind, id: number): RecordRef => ({ kind, crmId: String(id) as CrmId });

/** A tenant of SuperOffice. Its companies are called `contact`, its people `person`. */
export async function startSuperoffice(port: number): Promise<LocalCrm> {
  const teller = createTeller();
  let webhook: string | null = null;
  const simulator = await startSuperofficeSimulator({
    port,
    token: LOCAL_CRM_TOKEN,
    associate: ASSOCIATE,
    onEvent() {
      const url = webhook;
      if (url !== null) teller.tell((wait) => deliver(takeEvents(), { url, secret: SECRET, wait }));
    },
  });
  const { origin, store, takeEvents } = simulator;

  const tell = async (url: string, text: string, refs: readonly RecordRef[]): Promise<Told> => {
    const events = takeEvents();
    const taken = await deliver(events, { url, secret: SECRET });
    return { text: `${text} ${events.length} events, ${taken} taken.`, refs };
  };

  return {
    route: 'superoffice',
    origin,
    settings: {
      CRM_ADAPTER: 'superoffice',
      CRM_WEBHOOK_SECRET: SECRET,
      SUPEROFFICE_ASSOCIATE_ID: String(ASSOCIATE),
      SUPEROFFICE_CUSTOMER_NUMBER: 'Number1',
      SUPEROFFICE_ACTOR_NUMBER: 'Number2',
      SUPEROFFICE_PERSON_ACTOR_NUMBER: 'PersonNumber',
    },
    async *morning(url) {
      const company = (Name: string, OrgNr: string, Zipcode: string, City: string): number =>
        store.create('contact', { Name, OrgNr, Address: { Postal: { Address1: 'Havnegata 4', Zipcode, City } } });
      const person = (Firstname: string, Lastname: string, ContactId: number): number =>
        store.create('person', {
          Firstname,
          Lastname,
          Emails: [{ Value: `${Firstname.toLowerCase()}@example.no` }],
          Contact: { ContactId },
        });
      const port = company('Port-Service Øst AS', '921074352', '3270', 'Larvik');
      const fjordlast = company('Fjordlast Spedisjon AS', '925 481 459', '3263', 'Larvik');
      const brygga = company('Brygga Blikk & Varme AS', '857368193', '3256', 'Larvik');
      const twin = company('Brygga Varme AS', '', '3256', 'Larvik');
      const [kari, ola, liv] = [
        person('Kari', 'Nordmann', port),
        person('Ola', 'Hansen', port),
        person('Liv', 'Dahl', twin),
      ];
      const all = [
        ...[port, fjordlast, brygga, twin].map((id) => refOf('customer', id)),
        ...[kari, ola, liv].map((id) => refOf('contact', id)),
      ];
      yield await tell(url, 'Four companies and three persons are made.', all);

      store.update('contact', port, {
        Address: { Postal: { Address1: 'Nansetgata 50', Zipcode: '3269', City: 'Larvik' } },
      });
      store.update('person', kari, { Contact: { ContactId: fjordlast } });
      store.remove('person', ola);
      store.merge(brygga, twin);
      yield await tell(
        url,
        'One company moves, a person changes company, one is deleted, two companies are merged.',
        all,
      );
      // From here on whatever happens is told as it happens.
      webhook = url;
    },
    hasNumber({ kind, crmId }, associateNo) {
      const entity = store.get(kind === 'customer' ? 'contact' : 'person', Number(crmId));
      return entity?.fields[kind === 'customer' ? 'Number2' : 'PersonNumber'] === String(associateNo);
    },
    async stop() {
      await teller.stop();
      await simulator.stop();
    },
  };
}
