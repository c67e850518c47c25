import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { sweep } from '../../../../shared/sync/index.ts';
import { contact, customer } from '../../../kit/world.ts';
import { SECRET, startSuperofficeWorld, type SuperofficeWorld } from './superoffice-world.ts';

let world: SuperofficeWorld;
afterEach(() => world.stop());

const COMPANY = {
  Name: 'Port-Service Øst AS',
  OrgNr: '921 074 352',
  Address: { Postal: { Address1: 'Rødbølveien 22', Zipcode: '3270', City: 'Larvik' }, Street: { City: 'Oslo' } },
};
const personAt = (company: number) => ({
  Firstname: 'Kari',
  Lastname: 'Nordmann',
  Emails: [{ Value: 'kari@example.no' }],
  OfficePhones: [],
  MobilePhones: [{ Value: '920 99 720' }],
  Contact: { ContactId: company },
});
const rowOf = async (kind: 'customer' | 'contact', id: number) => {
  const state = await world.state(kind === 'customer' ? customer(String(id)) : contact(String(id)));
  return world.sandbox.rows().find((row) => row.associateNo === state?.associateNo);
};

describe('a company and a person in SuperOffice', () => {
  it('come to the ERP, and the numbers go to the fields that the settings name', async () => {
    world = await startSuperofficeWorld();
    const { store } = world.superoffice;
    const company = store.create('contact', COMPANY);
    const person = store.create('person', personAt(company));
    await world.settle();
    const row = await rowOf('customer', company);
    expect(row).toMatchObject({ name: COMPANY.Name, companyNo: '921074352', postCode: '3270', postalArea: 'Larvik' });
    expect(await rowOf('contact', person)).toMatchObject({
      name: 'Kari Nordmann',
      contactForAssociateNo: row?.associateNo,
      phone: '+4792099720',
    });
    expect(store.get('contact', company)?.fields).toMatchObject({
      Number1: String(row?.customerNo),
      CustomFields: { 'SuperOffice:7': String(row?.associateNo) },
    });
    expect(store.get('person', person)?.fields).toMatchObject({
      PersonNumber: String((await rowOf('contact', person))?.associateNo),
    });
    // What this program wrote itself was told, and ignored.
    expect(world.superoffice.events).toEqual([]);
    expect(await world.pending()).toEqual([]);
  });

  it('are changed, moved and deleted in whatever order the events come', async () => {
    world = await startSuperofficeWorld();
    const { store } = world.superoffice;
    const [first, second] = [store.create('contact', COMPANY), store.create('contact', { Name: 'Brygga AS' })];
    const [kari, ola] = [
      store.create('person', personAt(first)),
      store.create('person', { ...personAt(first), Firstname: 'Ola' }),
    ];
    await world.settle();
    world.advance(60_000);
    store.update('contact', first, { Name: 'Port-Service Vest AS' });
    store.update('person', kari, { Contact: { ContactId: second } });
    store.remove('person', ola);
    for (const event of world.superoffice.takeEvents().toReversed()) await world.post(event);
    await world.drain();
    expect(await rowOf('customer', first)).toMatchObject({ name: 'Port-Service Vest AS' });
    expect((await rowOf('contact', kari))?.contactForAssociateNo).toBe((await rowOf('customer', second))?.associateNo);
    expect(await rowOf('contact', ola)).toMatchObject({ name: '', contactForAssociateNo: 0 });
    expect(world.sandbox.doubles()).toEqual([]);
  });

  it('hold no personal value here while the ERP is away', async () => {
    world = await startSuperofficeWorld();
    world.sandbox.faults.downtime = 'unavailable';
    const company = world.superoffice.store.create('contact', COMPANY);
    world.superoffice.store.create('person', personAt(company));
    for (const event of world.superoffice.takeEvents()) await world.post(event);
    for (const { ref } of await world.pending()) await world.apply(ref);
    const kept = JSON.stringify([await world.rows(), await world.messages('changes'), world.lines]);
    for (const value of ['Port-Service', '921 074', '921074352', 'Rødbølveien', 'Nordmann', 'kari@', '92099720']) {
      expect(kept).not.toContain(value);
    }
  });
});

describe('the webhook of SuperOffice', () => {
  const event = { EventId: 'e-1', Event: 'contact.changed', PrimaryKey: 17, Timestamp: '2026-01-02T03:04:05.678Z' };

  it('is answered 200, also the test that comes when it is registered', async () => {
    world = await startSuperofficeWorld();
    const answer = await world.post({ ...event, Event: 'test' });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ accepted: [{ status: 'ignored' }] });
    expect((await world.post(event)).status).toBe(200);
    expect(await world.pending()).toHaveLength(1);
  });

  it.each([
    ['without a signature', {}],
    ['with an empty one', { 'x-superoffice-signature': '' }],
    [
      'signed with another secret',
      { 'x-superoffice-signature': createHmac('sha256', 'x').update('{}').digest('base64') },
    ],
    ['signed in hexadecimal', { 'x-superoffice-signature': createHmac('sha256', SECRET).update('{}').digest('hex') }],
  ])('is refused %s', async (_, headers) => {
    world = await startSuperofficeWorld();
    expect((await world.post(event, headers)).status).toBe(401);
    expect(await world.pending()).toEqual([]);
  });

  it('is set active again by the sweep, which catches up with what was lost', async () => {
    world = await startSuperofficeWorld();
    const { api, store } = world.superoffice;
    const steps = await world.engine.crm?.setUp?.();
    expect(steps?.map(({ is }) => is)).toEqual(['done']);
    await sweep(world.sync);

    world.advance(3_600_000);
    const company = store.create('contact', COMPANY);
    const person = store.create('person', personAt(company));
    // Nine failures in a row: the events are gone, and the webhook is off.
    world.superoffice.takeEvents();
    api.webhooks = api.webhooks.map((each) => ({ ...each, State: 'TooManyErrors' as const }));
    world.advance(10 * 60_000);
    await sweep(world.sync);
    expect(api.webhooks.map(({ State }) => State)).toEqual(['Active']);
    await world.drain();
    expect(await rowOf('customer', company)).toMatchObject({ name: COMPANY.Name });
    expect(await rowOf('contact', person)).toMatchObject({ name: 'Kari Nordmann' });

    // What was caught up with is not read again.
    const reads = () => api.requests.filter(({ path }) => /\/(Contact|Person)\/\d+$/.test(path)).length;
    await world.payWriteBacks();
    world.superoffice.takeEvents();
    await sweep(world.sync);
    await world.drain();
    world.advance(2 * 3_600_000);
    await sweep(world.sync);
    await world.drain();
    const before = reads();
    world.advance(2 * 3_600_000);
    await sweep(world.sync);
    await world.drain();
    expect(reads()).toBe(before);
  });
});
