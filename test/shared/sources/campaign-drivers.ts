import type { HubspotEvent } from '../../../local/crm/hubspot/store.ts';
import { companyOf, type SuperofficeEvent } from '../../../local/crm/superoffice/store.ts';
import type { Kind } from '../../../shared/record/index.ts';
import { companyEntity } from '../../../shared/sources/superoffice/entities.ts';
import type { World } from '../../kit/world.ts';
import { startHubspotWorld } from './hubspot/hubspot-world.ts';
import { startPipedriveWorld } from './mapped/pipedrive-world.ts';
import type { PipedriveEvent } from './mapped/pipedrive.ts';
import { startSuperofficeWorld } from './superoffice/superoffice-world.ts';

/** A CRM as the campaign works it. */
export interface Driver {
  readonly world: World;
  company(name: string): string;
  contact(name: string, company: string): string;
  rename(kind: Kind, id: string, name: string): void;
  move(contact: string, company: string): void;
  remove(contact: string): void;
  restore(contact: string): void;
  merge(keep: string, gone: string): void;
  /** What went says what it became; in SuperOffice a merge is told as a deletion. */
  readonly tellsMerges: boolean;
  isThere(kind: Kind, id: string): boolean;
  /** Null when it is gone, or became another. */
  nameOf(kind: Kind, id: string): string | null;
  companyOf(contact: string): string | null;
  /** The company's city, where the CRM can be told it; and somebody changes it there. */
  cityOf?(company: string): string;
  setCity?(company: string, city: string): void;
  /** The customer number that the CRM has been told. */
  numberOf(company: string): number | null;
  crmAway(is: boolean): void;
  take(): readonly unknown[];
  /** Tells events, as often as it takes. */
  post(events: readonly unknown[]): Promise<void>;
  /** Names found in tables, queues and log lines where none may be. */
  personal(): Promise<readonly string[]>;
}

async function personalIn(world: World, mayHold = (_rowKey: string) => false): Promise<readonly string[]> {
  const rows = (await world.rows()).filter(({ rowKey }) => !mayHold(String(rowKey)));
  const kept = JSON.stringify([rows, await world.everyMessage(), world.lines]);
  return kept.match(/Nr \d+/g) ?? [];
}

/** Accounting's edits go to the CRM, as many as there are. */
const TWO_WAYS = { ERP_TO_CRM: 'write', CRM_WRITES_PER_HOUR: '1000' };

const numberIn = (value: unknown): number | null => (value === undefined || value === '' ? null : Number(value));

export async function hubspotDriver(): Promise<Driver> {
  const world = await startHubspotWorld({ ...TWO_WAYS, DELETES_PER_HOUR: '1000' }, 60);
  const { store, api } = world.hubspot;
  const types = { customer: 'companies', contact: 'contacts' } as const;
  const there = (kind: Kind, id: string) => {
    const found = store.get(types[kind], id);
    return found?.id === id ? found : null;
  };
  return {
    world,
    company: (name) => store.create('companies', { name }),
    contact: (name, company) => store.create('contacts', { lastname: name }, company),
    rename: (kind, id, name) => store.update(types[kind], id, kind === 'customer' ? { name } : { lastname: name }),
    move: (id, company) => store.setCompany(id, company),
    remove: (id) => store.archive('contacts', id),
    restore: (id) => {
      if (store.objects.contacts.get(id)?.isArchived === true) store.restore('contacts', id);
    },
    merge: (keep, gone) => {
      store.merge('companies', keep, gone);
    },
    tellsMerges: true,
    isThere: (kind, id) => there(kind, id) !== null,
    nameOf: (kind, id) => there(kind, id)?.properties[kind === 'customer' ? 'name' : 'lastname'] ?? null,
    companyOf: (id) => store.companyOf.get(id) ?? null,
    cityOf: (id) => there('customer', id)?.properties['city'] ?? '',
    setCity: (id, city) => store.update('companies', id, { city }),
    numberOf: (id) => numberIn(there('customer', id)?.properties['nxt_customer_number']),
    crmAway: (is) => (api.outage = is ? 503 : null),
    take: () => world.hubspot.takeEvents(),
    async post(events) {
      for (let from = 0; from < events.length; from += 100) {
        const answer = await world.post(events.slice(from, from + 100) as readonly HubspotEvent[]);
        if (answer.status !== 202) throw new Error(`answered ${answer.status}`);
      }
    },
    personal: () => personalIn(world),
  };
}

export async function superofficeDriver(): Promise<Driver> {
  const world = await startSuperofficeWorld({ ...TWO_WAYS, DELETES_PER_HOUR: '1000' }, 300);
  const { store, api } = world.superoffice;
  const types = { customer: 'contact', contact: 'person' } as const;
  const there = (kind: Kind, id: string) => {
    const found = store.get(types[kind], Number(id));
    return found === null || found.isDeleted ? null : found;
  };
  return {
    world,
    company: (Name) => String(store.create('contact', { Name })),
    contact: (Lastname, company) =>
      String(store.create('person', { Lastname, Contact: { ContactId: Number(company) } })),
    rename: (kind, id, name) =>
      store.update(types[kind], Number(id), kind === 'customer' ? { Name: name } : { Lastname: name }),
    move: (id, company) => store.update('person', Number(id), { Contact: { ContactId: Number(company) } }),
    remove: (id) => store.remove('person', Number(id)),
    restore: () => undefined,
    merge: (keep, gone) => store.merge(Number(keep), Number(gone)),
    tellsMerges: false,
    isThere: (kind, id) => there(kind, id) !== null,
    nameOf: (kind, id) => {
      const name = there(kind, id)?.fields[kind === 'customer' ? 'Name' : 'Lastname'];
      return typeof name === 'string' ? name : null;
    },
    companyOf: (id) => {
      const company = companyOf(there('contact', id)?.fields ?? {});
      return company === 0 || there('customer', String(company)) === null ? null : String(company);
    },
    cityOf: (id) => companyEntity.parse({ ContactId: 1, ...there('customer', id)?.fields }).Address?.Postal?.City ?? '',
    setCity: (id, City) => store.update('contact', Number(id), { Address: { Postal: { City } } }),
    numberOf: (id) => numberIn(there('customer', id)?.fields['Number1']),
    crmAway: (is) => (api.outage = is ? 503 : null),
    take: () => world.superoffice.takeEvents(),
    async post(events) {
      for (const event of events as readonly SuperofficeEvent[]) {
        const answer = await world.post(event);
        if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
      }
    },
    personal: () => personalIn(world),
  };
}

/** Any CRM by a mapping: here the ready one for Pipedrive. */
export async function mappedDriver(): Promise<Driver> {
  const world = await startPipedriveWorld({ DELETES_PER_HOUR: '1000' }, 15);
  const { pipedrive } = world;
  const entities = { customer: 'organization', contact: 'person' } as const;
  const attempts = new Map<string, number>();
  return {
    world,
    company: (name) => pipedrive.create('organization', name),
    contact: (name, company) => pipedrive.create('person', name, company),
    rename: (kind, id, name) => pipedrive.change(entities[kind], id, { name }),
    move: (id, company) => pipedrive.change('person', id, { org: Number(company) }),
    remove: (id) => pipedrive.remove('person', id),
    restore: (id) => pipedrive.restore('person', id),
    merge: (keep, gone) => pipedrive.merge(keep, gone),
    tellsMerges: true,
    isThere: (kind, id) => pipedrive.get(entities[kind], id) !== null,
    nameOf: (kind, id) => pipedrive.get(entities[kind], id)?.name ?? null,
    companyOf: (id) => {
      const org = pipedrive.get('person', id)?.org ?? null;
      return org === null || pipedrive.get('organization', String(org)) === null ? null : String(org);
    },
    numberOf: (id) => pipedrive.get('organization', id)?.number ?? null,
    crmAway: (is) => (pipedrive.isAway = is),
    take: () => pipedrive.takeEvents(),
    async post(events) {
      for (const event of events as readonly PipedriveEvent[]) {
        // What is told again is the same but for its count.
        const key = JSON.stringify(event);
        const attempt = (attempts.get(key) ?? 0) + 1;
        attempts.set(key, attempt);
        const answer = await world.post({ ...event, meta: { ...event.meta, attempt } });
        if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
      }
    },
    // Its webhooks hold the record: what is not applied yet is kept until it is, and nowhere else.
    personal: () => personalIn(world, (rowKey) => rowKey.startsWith('pending|')),
  };
}
