import type { CrmId, Kind, RecordRef } from '../../../shared/record/index.ts';
import { startHubspotSimulator } from '../../crm/hubspot/simulator.ts';
import type { HubspotEvent, HubspotType } from '../../crm/hubspot/store.ts';
import { deliver } from '../../crm/hubspot/webhooks.ts';
import { LOCAL_CRM_TOKEN } from '../environment.ts';
import type { LocalCrm, Told } from './local-crm.ts';
import { createTeller } from './teller.ts';

const SECRET = 'local-hubspot-client-secret';
/** What HubSpot is told the address is: it is signed, whatever port the functions have. */
const PUBLIC_BASE_URL = 'http://127.0.0.1:7071';
const PROPERTIES = ['nxt_customer_number', 'nxt_actor_number', 'nxt_sync_status'];
const TYPES: Readonly<Record<Kind, HubspotType>> = { customer: 'companies', contact: 'contacts' };

const refOf = (kind: Kind, id: string): RecordRef => ({ kind, crmId: id as CrmId });

/** An account of HubSpot, which tells by thin events and is read. */
export async function startHubspot(port: number): Promise<LocalCrm> {
  const teller = createTeller();
  let webhook: string | null = null;
  const simulator = await startHubspotSimulator({
    port,
    token: LOCAL_CRM_TOKEN,
    onEvent() {
      const url = webhook;
      if (url !== null) teller.tell((wait) => send(url, takeEvents(), wait));
    },
  });
  const { origin, store, takeEvents } = simulator;
  const send = (url: string, events: readonly HubspotEvent[], wait?: (ms: number) => Promise<unknown>) =>
    deliver(events, {
      url,
      signedUrl: `${PUBLIC_BASE_URL}/api/webhooks/hubspot`,
      secret: SECRET,
      ...(wait && { wait }),
    });
  for (const type of ['companies', 'contacts'] as const)
    for (const name of PROPERTIES) store.properties[type].add(name);

  const tell = async (url: string, text: string, refs: readonly RecordRef[]): Promise<Told> => {
    const events = takeEvents();
    const deliveries = await send(url, events);
    const statuses = [...new Set(deliveries.map(({ status }) => status))].join(', ');
    return { text: `${text} ${events.length} events in ${deliveries.length} requests, answered ${statuses}.`, refs };
  };

  return {
    route: 'hubspot',
    origin,
    settings: {
      CRM_ADAPTER: 'hubspot',
      CRM_WEBHOOK_SECRET: SECRET,
      PUBLIC_BASE_URL,
      HUBSPOT_ORGANIZATION_NUMBER: 'orgnr',
    },
    async *morning(url) {
      const company = (name: string, orgnr: string, zip: string, city: string): string =>
        store.create('companies', { name, orgnr, address: 'Havnegata 4', zip, city });
      const person = (firstname: string, lastname: string, at: string): string =>
        store.create('contacts', { firstname, lastname, email: `${firstname.toLowerCase()}@example.no` }, at);
      const port = company('Port-Service Øst AS', '921074352', '3270', 'Larvik');
      const fjordlast = company('Fjordlast Spedisjon AS', '925 481 459', '3263', 'Larvik');
      const brygga = company('Brygga Blikk & Varme AS', '857368193', '3256', 'Larvik');
      const [kari, ola, liv] = [
        person('Kari', 'Nordmann', port),
        person('Ola', 'Hansen', port),
        person('Liv', 'Dahl', brygga),
      ];
      const all = [
        ...[port, fjordlast, brygga].map((id) => refOf('customer', id)),
        ...[kari, ola, liv].map((id) => refOf('contact', id)),
      ];
      yield await tell(url, 'Three companies and three contacts are made.', all);

      store.update('companies', port, { address: 'Nansetgata 50', zip: '3269' });
      store.setCompany(kari, fjordlast);
      store.archive('contacts', ola);
      const twin = store.create('companies', { name: 'Brygga Blikk og Varme', city: 'Larvik' });
      const merged = store.merge('companies', twin, brygga);
      const now = [refOf('customer', merged), ...all];
      yield await tell(
        url,
        'One company moves, a contact changes company, one is deleted, two companies are merged.',
        now,
      );
      // From here on whatever happens is told as it happens.
      webhook = url;
    },
    hasNumber({ kind, crmId }, associateNo) {
      const object = store.get(TYPES[kind], crmId);
      return object?.id === crmId && object.properties['nxt_actor_number'] === String(associateNo);
    },
    async stop() {
      await teller.stop();
      await simulator.stop();
    },
  };
}
