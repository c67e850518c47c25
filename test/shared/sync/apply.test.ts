import { afterEach, describe, expect, it } from 'vitest';
import { contact, customer, startWorld, type World, type WorldOptions } from '../../kit/world.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';

let world: World;
const start = async (options?: WorldOptions) => (world = await startWorld(options));
afterEach(() => world.stop());

const writes = () => {
  const { create, update, delete: deleted } = world.sandbox.requests.counts.operations;
  return create + update + deleted;
};

describe('applying a change', () => {
  it('creates a customer and its contact, in whichever order they come', async () => {
    await start();
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }), customerEvent('C-1'));
    await world.drain();
    const [first, second] = world.sandbox.rows();
    expect(first).toMatchObject({
      name: 'Port-Service Øst AS',
      companyNo: '921074352',
      externalId: 'crm:customer:C-1',
    });
    expect(second).toMatchObject({
      name: 'Kari Nordmann',
      contactForAssociateNo: first?.associateNo,
      externalId: 'crm:contact:P-1',
    });
    expect(await world.failures()).toEqual([]);
    expect(await world.state(contact('P-1'))).toMatchObject({ parentNo: first?.associateNo, createdHere: true });
    expect((await world.state(customer('C-1')))?.customerNo).toBe(first?.customerNo);
  });

  it('sends no write for a repeat, and none for the same content with a higher version', async () => {
    await start();
    await world.send(customerEvent('C-1', {}, { version: 1 }));
    await world.drain();
    const before = writes();
    expect(await world.send(customerEvent('C-1', {}, { version: 1 }))).toEqual([{ status: 'repeated' }]);
    await world.send(customerEvent('C-1', {}, { version: 2, id: 'other' }));
    world.advance(10_000);
    await world.drain();
    expect(writes()).toBe(before);
  });

  it('writes only what differs', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    world.advance(10_000);
    await world.send(customerEvent('C-1', { city: 'Sandefjord' }, { version: 2 }));
    await world.drain();
    expect(world.sandbox.rows()[0]).toMatchObject({ postalArea: 'Sandefjord', name: 'Port-Service Øst AS' });
    expect(world.sandbox.rows()).toHaveLength(1);
  });

  it('empties a deleted contact and refills it when it comes back', async () => {
    await start();
    await world.send(customerEvent('C-1'), contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
    await world.drain();
    world.advance(10_000);
    await world.send(deletedEvent('contact', 'P-1', { version: 2 }));
    await world.drain();
    expect(world.sandbox.rows()[1]).toMatchObject({
      name: '',
      emailAddress: '',
      phone: '',
      contactForAssociateNo: 0,
      shortName: '',
    });
    world.advance(10_000);
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }, { version: 3 }));
    await world.drain();
    expect(world.sandbox.rows()[1]).toMatchObject({
      name: 'Kari Nordmann',
      contactForAssociateNo: world.sandbox.rows()[0]?.associateNo,
    });
    expect(world.sandbox.rows()).toHaveLength(2);
  });
});
