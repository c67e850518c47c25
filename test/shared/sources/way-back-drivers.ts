import type { World } from '../../kit/world.ts';
import { startHubspotWorld } from './hubspot/hubspot-world.ts';

/** A CRM with one company and one contact, both in sync with the ERP, as the tests of the way back work it. */
export interface WayBackDriver {
  readonly world: World;
  readonly company: string;
  readonly person: string;
  /** What the CRM shows of the company's address, as lines, and of the person. */
  address(): readonly string[];
  personNow(): { readonly name: string; readonly phone: string };
  /** Somebody edits the address in the CRM; it is told later. */
  editAddress(line: string): void;
  /** Somebody removes the company in the CRM; it is told later. */
  remove(): void;
  /** Requests that changed fields, so far. */
  writes(): number;
  /** The next write is carried out, and its answer is lost. */
  loseAnswer(): void;
  /** Everything that the CRM has to tell, told and applied, until there is no more. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

type Settings = Readonly<Record<string, string>>;

/** The CRM's requests, of which one may lose its answer. */
export function meddling(isWrite: (method: string, url: string, body: string) => boolean) {
  let writes = 0;
  let lose = false;
  const crmFetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = await request.clone().text();
    if (!isWrite(request.method, request.url, body)) return fetch(request);
    const response = await fetch(request);
    if (response.ok) writes += 1;
    if (!lose) return response;
    lose = false;
    throw new TypeError('fetch failed');
  };
  return {
    crmFetch,
    writes: () => writes,
    loseAnswer: () => {
      lose = true;
    },
  };
}

export async function hubspotWayBack(settings: Settings): Promise<WayBackDriver> {
  const requests = meddling((method, _url, body) => method === 'PATCH' && !body.includes('nxt_'));
  const world = await startHubspotWorld({ ERP_TO_CRM: 'write', ...settings }, 10_000, requests.crmFetch);
  const { store } = world.hubspot;
  const company = store.create('companies', {
    name: 'Port-Service Øst AS',
    orgnr: '921074352',
    address: 'Rødbølveien 22',
    zip: '3270',
    city: 'Larvik',
  });
  const person = store.create(
    'contacts',
    { firstname: 'Kari', lastname: 'Nordmann', mobilephone: '92099720' },
    company,
  );
  await world.settle();
  return {
    ...requests,
    world,
    company,
    person,
    address() {
      const { address = '', address2 = '' } = store.get('companies', company)?.properties ?? {};
      return [address, address2].filter((line) => line !== '');
    },
    personNow() {
      const { firstname, lastname, phone, mobilephone } = store.get('contacts', person)?.properties ?? {};
      return { name: `${firstname}|${lastname}`, phone: `${phone ?? ''}|${mobilephone}` };
    },
    editAddress: (line) => store.update('companies', company, { address: line }),
    remove: () => store.archive('companies', company),
    settle: () => world.settle(),
    stop: () => world.stop(),
  };
}
