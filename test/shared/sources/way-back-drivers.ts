import { companyEntity, personEntity } from '../../../shared/sources/superoffice/entities.ts';
import { acceptChanges } from '../../../shared/sync/index.ts';
import { startWorld, type World } from '../../kit/world.ts';
import { FIRM_MAPPING, FirmCrm } from './mapped/firm-crm.ts';
import { startHubspotWorld } from './hubspot/hubspot-world.ts';
import { startSuperofficeWorld } from './superoffice/superoffice-world.ts';

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
  /** The edit that somebody makes between the reading and the write, where the CRM can tell; else left out. */
  race?(line: string): void;
  stop(): Promise<void>;
}

type Settings = Readonly<Record<string, string>>;

/** The CRM's requests, of which one may lose its answer, or meet an edit. */
export function meddling(isWrite: (method: string, url: string, body: string) => boolean, send: typeof fetch = fetch) {
  let writes = 0;
  let lose = false;
  let meet: (() => void) | null = null;
  const crmFetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = await request.clone().text();
    if (!isWrite(request.method, request.url, body)) return send(request);
    meet?.();
    meet = null;
    const response = await send(request);
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
    meet: (edit: () => void) => {
      meet = edit;
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

export async function superofficeWayBack(settings: Settings): Promise<WayBackDriver> {
  const requests = meddling((method, _url, body) => method === 'PATCH' && body.startsWith('['));
  const world = await startSuperofficeWorld({ ERP_TO_CRM: 'write', ...settings }, 100_000, requests.crmFetch);
  const { store } = world.superoffice;
  const company = store.create('contact', {
    Name: 'Port-Service Øst AS',
    OrgNr: '921074352',
    Address: { Street: { Address1: 'Rødbølveien 22', Address2: '', Zipcode: '3270', City: 'Larvik' } },
  });
  const person = store.create('person', {
    Firstname: 'Kari',
    MiddleName: '',
    Lastname: 'Nordmann',
    OfficePhones: [],
    MobilePhones: [{ Value: '92099720', Description: 'privat' }],
    Contact: { ContactId: company },
  });
  await world.settle();
  const entity = companyEntity.parse({ ContactId: company, ...store.get('contact', company)?.fields });
  const now = () => companyEntity.parse({ ...entity, ...store.get('contact', company)?.fields });
  const editAddress = (line: string) =>
    store.update('contact', company, { Address: { Street: { ...now().Address?.Street, Address1: line } } });
  return {
    ...requests,
    world,
    company: String(company),
    person: String(person),
    address() {
      const { Address1, Address2, Address3 } = now().Address?.Street ?? {};
      return [Address1, Address2, Address3].filter((line) => (line ?? '') !== '').map(String);
    },
    personNow() {
      const all = store.get('person', person)?.fields;
      const { Firstname, MiddleName, Lastname, OfficePhones, MobilePhones } = personEntity.parse({
        PersonId: 1,
        ...all,
      });
      const name = [Firstname, MiddleName, Lastname].filter((part) => part !== '').join('|');
      return { name, phone: `${OfficePhones?.[0]?.Value ?? ''}|${MobilePhones?.[0]?.Value}` };
    },
    editAddress,
    remove: () => store.remove('contact', company),
    race: (line) => requests.meet(() => editAddress(line)),
    settle: () => world.settle(),
    stop: () => world.stop(),
  };
}

export async function mappedWayBack(settings: Settings): Promise<WayBackDriver> {
  let now = Date.now;
  const crm = new FirmCrm(() => now());
  const requests = meddling((method) => method === 'PATCH', crm.fetch);
  const world = await startWorld({
    settings: {
      CRM_ADAPTER: 'mapped',
      CRM_MAPPING: JSON.stringify(FIRM_MAPPING),
      CRM_WEBHOOK_SECRET: 'firm-secret',
      CRM_API_URL: 'https://firm.example/api',
      CRM_API_TOKEN: 'firm-token',
      ERP_TO_CRM: 'write',
      ...settings,
    },
    crmFetch: requests.crmFetch,
  });
  now = () => world.now();
  const settle = async (): Promise<void> => {
    const { source } = world.engine;
    for (const event of crm.takeEvents()) {
      const parsed = await source.parse(event, { header: () => null, body: Buffer.from('') }, new Date(world.now()));
      if (!parsed.ok) throw new Error('refused');
      await acceptChanges(world.sync, parsed.changes, 'test');
    }
    await world.drain();
    await world.payWriteBacks();
  };
  const [company, person] = ['F1', 'P1'];
  crm.put('firm', company, {
    title: 'Port-Service Øst AS',
    vat: '921074352',
    street: 'Rødbølveien 22',
    zip: '3270',
    town: 'Larvik',
  });
  crm.put('person', person, { first: 'Kari', last: 'Nordmann', firm: company, mobile: '92099720' });
  await settle();
  const editAddress = (line: string) => crm.put('firm', company, { street: line });
  return {
    ...requests,
    world,
    company,
    person,
    address: () => [crm.values(company)['street'], crm.values(company)['street2']].flatMap((line) => line || []),
    personNow() {
      const { first, last, mobile } = crm.values(person);
      return { name: `${first}|${last}`, phone: `|${mobile}` };
    },
    editAddress,
    remove: () => crm.remove(company),
    race: (line) => requests.meet(() => editAddress(line)),
    settle,
    stop: () => world.stop(),
  };
}
