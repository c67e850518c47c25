import { afterEach, describe, expect, it } from 'vitest';
import { writeBack, type CrmApi } from '../../../../shared/crm/index.ts';
import { sweep } from '../../../../shared/sync/index.ts';
import { contact, customer } from '../../../kit/world.ts';
import { startHubspotWorld, type HubspotWorld } from './hubspot-world.ts';

let world: HubspotWorld;
afterEach(() => world.stop());

const COMPANY = {
  name: 'Port-Service Øst AS',
  orgnr: '921074352',
  address: 'Rødbølveien 22',
  zip: '3270',
  city: 'Larvik',
};
const PERSON = { firstname: 'Kari', lastname: 'Nordmann', email: 'kari@example.no', phone: '+47 920 99 720' };

const rowOf = (associateNo: number | null | undefined) =>
  world.sandbox.rows().find((row) => row.associateNo === associateNo);
const rowFor = async (kind: 'customer' | 'contact', id: string) =>
  rowOf((await world.state(kind === 'customer' ? customer(id) : contact(id)))?.associateNo);

describe('a company and its contact in HubSpot', () => {
  it('come to the ERP by thin events, and the numbers go to HubSpot', async () => {
    world = await startHubspotWorld();
    const { store } = world.hubspot;
    const company = store.create('companies', COMPANY);
    const person = store.create('contacts', PERSON, company);
    await world.settle();

    const state = await world.state(customer(company));
    expect(rowOf(state?.associateNo)).toMatchObject({ name: COMPANY.name, companyNo: '921074352', postCode: '3270' });
    const row = await rowFor('contact', person);
    expect(row).toMatchObject({
      name: 'Kari Nordmann',
      contactForAssociateNo: state?.associateNo,
      emailAddress: PERSON.email,
    });
    const { nxt_customer_number, nxt_actor_number, nxt_sync_status } =
      store.get('companies', company)?.properties ?? {};
    expect([nxt_customer_number, nxt_actor_number, nxt_sync_status]).toEqual([
      String(state?.customerNo),
      String(state?.associateNo),
      'In sync',
    ]);
    expect(store.get('contacts', person)?.properties['nxt_actor_number']).toBe(String(row?.associateNo));
  });

  it('is updated, restored and deleted as HubSpot says, in whatever order the events come', async () => {
    world = await startHubspotWorld();
    const { store } = world.hubspot;
    const company = store.create('companies', COMPANY);
    const person = store.create('contacts', PERSON, company);
    await world.settle();
    world.advance(60_000);
    store.update('companies', company, { city: 'Sandefjord' });
    store.update('companies', company, { city: 'Tønsberg' });
    store.archive('contacts', person);
    world.advance(60_000);
    await world.post(world.hubspot.takeEvents().toReversed());
    await world.settle();
    expect(await rowFor('customer', company)).toMatchObject({ postalArea: 'Tønsberg' });
    expect(await rowFor('contact', person)).toMatchObject({ name: '', contactForAssociateNo: 0 });

    const late = world.hubspot.takeEvents();
    store.restore('contacts', person);
    await world.settle();
    await world.post(late);
    await world.drain();
    expect(await rowFor('contact', person)).toMatchObject({ name: 'Kari Nordmann' });
    expect(world.sandbox.doubles()).toEqual([]);
  });

  it('moves to another company with its primary association', async () => {
    world = await startHubspotWorld();
    const { store } = world.hubspot;
    const [first, second] = [
      store.create('companies', COMPANY),
      store.create('companies', { name: 'Brygga AS', orgnr: '' }),
    ];
    const person = store.create('contacts', PERSON, first);
    await world.settle();
    world.advance(60_000);
    store.setCompany(person, second);
    await world.settle();
    const row = await rowFor('contact', person);
    expect(row?.contactForAssociateNo).toBe((await world.state(customer(second)))?.associateNo);
  });
});

describe('a merge in HubSpot', () => {
  it.each([false, true])(
    'gives the row to the company that stays (a new id: %s), and its contacts follow',
    async (hasNewId) => {
      world = await startHubspotWorld();
      const { store } = world.hubspot;
      const linked = store.create('companies', COMPANY);
      const person = store.create('contacts', PERSON, linked);
      await world.settle();
      const associateNo = (await world.state(customer(linked)))?.associateNo;
      world.advance(60_000);
      // The other never got a row: it is the one that HubSpot keeps.
      world.sandbox.faults.downtime = 'unavailable';
      const other = store.create('companies', { name: 'Port-Service', city: 'Larvik' });
      await world.tell();
      const into = store.merge('companies', other, linked, hasNewId);
      store.update('contacts', person, { lastname: 'Normann' });
      await world.post(world.hubspot.takeEvents().toReversed());
      world.sandbox.faults.clear();
      world.advance(120_000);
      await sweep(world.sync);
      await world.settle();
      expect(await world.failures()).toEqual([]);
      expect((await world.state(customer(into)))?.associateNo).toBe(associateNo);
      expect(await rowFor('customer', into)).toMatchObject({ name: 'Port-Service', companyNo: '921074352' });
      expect(await rowFor('contact', person)).toMatchObject({
        name: 'Kari Normann',
        contactForAssociateNo: associateNo,
      });
      expect(world.sandbox.doubles()).toEqual([]);
      expect(store.get('companies', into)?.properties['nxt_actor_number']).toBe(String(associateNo));
    },
  );

  /** Two companies with a row each, of which the second goes; its numbers are owed to HubSpot still. */
  async function twoWithRows() {
    world = await startHubspotWorld();
    const { store } = world.hubspot;
    const kept = store.create('companies', COMPANY);
    await world.settle();
    const gone = store.create('companies', { name: 'Brygga AS', city: 'Larvik' });
    await world.tell();
    await world.drain();
    world.advance(60_000);
    store.merge('companies', kept, gone);
    const numbers = async () => [
      store.get('companies', kept)?.properties['nxt_actor_number'],
      String((await world.state(customer(kept)))?.associateNo),
    ];
    const write = (id: string) => writeBack(world.engine.writeBack, customer(id));
    return { kept, gone, numbers, write };
  }

  it('of two that both have rows: numbers of the one that went do not stay on the one that stays', async () => {
    const { kept, gone, numbers, write } = await twoWithRows();
    // HubSpot has merged, and it is not known here yet: it takes them for the one that stays.
    expect((await write(gone)).outcome).toBe('written');
    expect((await numbers())[0]).not.toBe((await numbers())[1]);
    await world.settle();
    // The one that stays came with the other's number, too: that is over once HubSpot has the right one.
    expect((await world.failures()).map(({ code }) => code)).toEqual(['match.conflict', 'match.conflict']);
    await world.payWriteBacks();
    await world.drain();
    expect((await world.failures()).map(({ ref }) => ref.crmId)).toEqual([gone]);
    expect((await numbers())[0]).toBe((await numbers())[1]);
    expect((await write(gone)).outcome).toBe('nothing-to-do');
    expect((await write(kept)).outcome).toBe('nothing-to-do');
  });

  it('of two that both have rows: numbers that are owed for the one that went are not sent any more', async () => {
    const { gone, numbers, write } = await twoWithRows();
    await world.tell();
    await world.drain();
    expect((await write(gone)).outcome).toBe('dropped');
    await world.payWriteBacks();
    expect((await numbers())[0]).toBe((await numbers())[1]);
  });

  it('of two that both have rows: numbers that were under way meanwhile are set right', async () => {
    const { gone, numbers } = await twoWithRows();
    const { crm } = world.engine.writeBack;
    const meanwhile: Pick<CrmApi, 'writeNumbers'> = {
      async writeNumbers(record) {
        await world.tell();
        await world.drain();
        await world.payWriteBacks();
        return crm.writeNumbers(record);
      },
    };
    await writeBack({ ...world.engine.writeBack, crm: meanwhile }, customer(gone));
    world.advance(120_000);
    await sweep(world.sync);
    await world.payWriteBacks();
    await world.payWriteBacks();
    expect((await numbers())[0]).toBe((await numbers())[1]);
  });
});

describe('what HubSpot tells', () => {
  it('holds no personal value in tables and queues, also while the ERP is away for an hour', async () => {
    world = await startHubspotWorld();
    world.sandbox.faults.downtime = 'unavailable';
    const { store } = world.hubspot;
    const company = store.create('companies', COMPANY);
    const person = store.create('contacts', PERSON, company);
    await world.tell();
    for (let minute = 0; minute < 60; minute += 5) {
      for (const { ref } of await world.pending()) await world.apply(ref);
      await sweep(world.sync);
      world.advance(5 * 60_000);
    }
    const kept = JSON.stringify([await world.rows(), await world.messages('changes'), world.lines]);
    for (const value of [...Object.values(COMPANY), ...Object.values(PERSON), 'Kari Nordmann', '4792099720']) {
      expect(kept).not.toContain(value);
    }
    world.sandbox.faults.clear();
    await sweep(world.sync);
    await world.settle();
    expect(await rowFor('contact', person)).toMatchObject({ name: 'Kari Nordmann' });
  });

  it('waits, without spending attempts, while HubSpot is away for an hour', async () => {
    world = await startHubspotWorld();
    const company = world.hubspot.store.create('companies', COMPANY);
    await world.tell();
    world.hubspot.api.outage = 503;
    for (let minute = 0; minute < 60; minute += 1) {
      for (const { ref } of await world.pending()) await world.apply(ref);
      world.advance(60_000);
    }
    expect(await world.failures()).toEqual([]);
    expect((await world.pending()).map(({ attempts }) => attempts)).toEqual([0]);
    expect((await world.engine.writeBack.flow.status()).is).toBe('stopped');
    expect((await world.sync.flow.status()).is).toBe('open');
    expect(world.hubspot.api.requests.length).toBeLessThan(100);
    world.hubspot.api.outage = null;
    await world.settle();
    expect(await rowFor('customer', company)).toMatchObject({ name: COMPANY.name });
  });

  it('is read by batch in a flood, and 429 only slows it down', async () => {
    world = await startHubspotWorld({}, 20);
    const { store } = world.hubspot;
    const ids = Array.from({ length: 120 }, (_, n) => store.create('companies', { name: `Firma ${n}`, city: 'Oslo' }));
    const events = world.hubspot.takeEvents();
    for (let from = 0; from < events.length; from += 100) {
      expect((await world.post(events.slice(from, from + 100))).status).toBe(202);
    }
    await world.drain();
    expect(world.sandbox.rows().filter(({ name }) => name.startsWith('Firma '))).toHaveLength(ids.length);
    const reads = world.hubspot.api.requests.filter(({ path }) => path.endsWith('/batch/read'));
    expect(reads.length).toBeLessThan(40);
    expect(await world.failures()).toEqual([]);
  });

  it('erases a person however the two events come, and whatever the setting keeps', async () => {
    world = await startHubspotWorld({ NXT_ON_CONTACT_DELETED: 'keep' });
    const { store } = world.hubspot;
    const company = store.create('companies', COMPANY);
    const [first, second] = [
      store.create('contacts', PERSON, company),
      store.create('contacts', { ...PERSON, firstname: 'Ola', email: 'ola@example.no' }, company),
    ];
    await world.settle();
    world.advance(60_000);
    store.erase(first);
    for (const event of world.hubspot.takeEvents()) await world.post([event]);
    store.erase(second);
    for (const event of world.hubspot.takeEvents().toReversed()) await world.post([event]);
    await world.drain();
    expect(await rowFor('contact', first)).toMatchObject({ name: '', emailAddress: '' });
    expect(await rowFor('contact', second)).toMatchObject({ name: '', emailAddress: '' });
  });

  it('is ignored where it concerns neither companies nor contacts, or is our own doing', async () => {
    world = await startHubspotWorld();
    const answer = await world.post([
      { subscriptionType: 'deal.creation', objectId: 1, occurredAt: world.now(), eventId: 1 },
      {
        subscriptionType: 'company.propertyChange',
        propertyName: 'nxt_actor_number',
        objectId: 1,
        occurredAt: world.now(),
        eventId: 2,
      },
    ]);
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.body)).toMatchObject({ accepted: [{ status: 'ignored' }, { status: 'ignored' }] });
    expect(await world.pending()).toEqual([]);
  });
});

describe('CRM_SYNC_WHEN', () => {
  it('keeps leads out, and brings a customer with its contacts once it is one', async () => {
    world = await startHubspotWorld({ CRM_SYNC_WHEN: 'lifecyclestage=customer' });
    const { store } = world.hubspot;
    const company = store.create('companies', { ...COMPANY, lifecyclestage: 'lead' });
    const person = store.create('contacts', PERSON, company);
    const rows = world.sandbox.rows().length;
    await world.settle();
    expect(world.sandbox.rows()).toHaveLength(rows);
    expect(await world.pending()).toEqual([]);
    expect(await world.failures()).toEqual([]);
    expect(await world.state(customer(company))).toBeUndefined();
    expect(await world.state(contact(person))).toBeUndefined();

    world.advance(60_000);
    store.update('companies', company, { lifecyclestage: 'customer' });
    await world.settle();
    expect(await rowFor('customer', company)).toMatchObject({ name: COMPANY.name });
    expect(await rowFor('contact', person)).toMatchObject({ name: 'Kari Nordmann' });

    world.advance(60_000);
    store.update('companies', company, { lifecyclestage: 'lead', city: 'Skien' });
    await world.settle();
    expect(await rowFor('customer', company)).toMatchObject({ postalArea: 'Skien' });
  });
});

describe('the sweep', () => {
  it('catches up with what HubSpot gave up telling, and reads nothing twice', async () => {
    world = await startHubspotWorld();
    const { store } = world.hubspot;
    await sweep(world.sync);
    world.advance(26 * 3_600_000);
    const company = store.create('companies', COMPANY);
    const person = store.create('contacts', PERSON, company);
    world.hubspot.takeEvents();
    world.advance(60_000);
    await sweep(world.sync);
    await world.drain();
    expect(await rowFor('customer', company)).toMatchObject({ name: COMPANY.name });
    expect(await rowFor('contact', person)).toMatchObject({ name: 'Kari Nordmann' });
    await world.payWriteBacks();

    const hourly = async () => {
      world.advance(3_700_000);
      await sweep(world.sync);
      await world.drain();
    };
    // Our own numbers changed the records' time: they are looked at once more, and never again.
    await hourly();
    const reads = () => world.hubspot.api.requests.filter(({ path }) => path.endsWith('batch/read')).length;
    const before = reads();
    await hourly();
    await hourly();
    expect(reads()).toBe(before);
  });

  it('goes on from where it came to when HubSpot goes away in the middle', async () => {
    world = await startHubspotWorld();
    await sweep(world.sync);
    world.advance(3_700_000);
    const company = world.hubspot.store.create('companies', COMPANY);
    world.hubspot.takeEvents();
    world.hubspot.api.outage = 503;
    await sweep(world.sync);
    world.hubspot.api.outage = null;
    world.advance(60_000);
    await sweep(world.sync);
    await world.drain();
    expect(await rowFor('customer', company)).toMatchObject({ name: COMPANY.name });
  });
});
