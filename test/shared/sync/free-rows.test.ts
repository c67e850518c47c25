import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';
import { contact, customer, startWorld, type World } from '../../kit/world.ts';

let world: World;
afterEach(() => world.stop());

const NUMBER = '831234539';
const cedrus = (crmId: string, version = 1, more: object = {}) =>
  customerEvent(crmId, { companyName: 'Cedrus Data AS', organizationNumber: NUMBER, ...more }, { version });
const row = () => world.sandbox.rows().find(({ associateNo }) => associateNo === 510);
const customers = () => world.sandbox.rows().filter(({ companyNo }) => companyNo.includes(NUMBER));

describe('the row of a record that was deleted', () => {
  const [old, next, person] = ['L3old', 'L3new', 'L3p'];
  beforeEach(async () => {
    world = await startWorld();
    world.sandbox.seed([{ associateNo: 510, customerNo: 20510, name: 'Cedrus Data AS', companyNo: `NO${NUMBER}MVA` }]);
    await world.send(cedrus(old), contactEvent(person, { relatedCustomerCrmId: old }));
    await world.drain();
    world.advance(60_000);
  });

  const created = () => cedrus(next);
  const moved = () => contactEvent(person, { relatedCustomerCrmId: next }, { version: 2 });
  const deleted = () => deletedEvent('customer', old, { version: 2 });
  const orders: [string, () => object[]][] = [
    ['created, moved, deleted', () => [created(), moved(), deleted()]],
    ['created, deleted, moved', () => [created(), deleted(), moved()]],
    ['deleted, created, moved', () => [deleted(), created(), moved()]],
    ['deleted, moved, created', () => [deleted(), moved(), created()]],
    ['moved, created, deleted', () => [moved(), created(), deleted()]],
    ['moved, deleted, created', () => [moved(), deleted(), created()]],
  ];

  it.each(orders)('goes to the new record of the same company, customer number and all: %s', async (_, events) => {
    // A contact may wait for its customer in between, so that each is only looked at once.
    for (const event of events()) {
      await world.send(event);
      for (const ref of [customer(old), customer(next), contact(person)]) await world.apply(ref);
      world.advance(60_000);
    }
    await world.drain();
    expect(await world.failures()).toEqual([]);
    expect(await world.state(customer(next))).toMatchObject({ associateNo: 510, customerNo: 20510 });
    expect(customers()).toHaveLength(1);
    await world.send(cedrus(next, 2, { address: 'Nygata 3' }));
    await world.drain();
    expect(row()).toMatchObject({ addressLine1: 'Nygata 3', externalId: `crm:customer:${next}` });
    expect((await world.state(contact(person)))?.parentNo).toBe(510);
  });

  it('stays with the new record when the old one comes back: that one is listed', async () => {
    for (const event of [deleted(), created()]) {
      await world.send(event);
      await world.drain();
      world.advance(60_000);
    }
    await world.send(cedrus(old, 3));
    await world.drain();
    expect(await world.failures()).toMatchObject([{ ref: customer(old), code: 'match.already-linked' }]);
    expect(await world.state(customer(next))).toMatchObject({ associateNo: 510 });
    expect(customers()).toHaveLength(1);
  });

  it('is not touched by a second deletion of the old record', async () => {
    for (const event of [deleted(), created(), deletedEvent('customer', old, { version: 3 })]) {
      await world.send(event);
      await world.drain();
      world.advance(60_000);
    }
    expect(row()).toMatchObject({ externalId: `crm:customer:${next}` });
    expect(await world.failures()).toEqual([]);
  });
});
