import { afterEach, describe, expect, it } from 'vitest';
import { replay } from '../../../shared/sync/operate/replay.ts';
import { contact, customer, startWorld, type World, type WorldOptions } from '../../kit/world.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';

let world: World;
afterEach(() => world.stop());
const listed = async () => (await world.failures()).map(({ ref, code }) => `${ref.crmId} ${code}`);
const person = (version: number, data: object = {}) =>
  contactEvent('P-1', { relatedCustomerCrmId: 'C-1', ...data }, { version });
const row = (externalId: string) => world.sandbox.rows().find((each) => each.externalId === externalId);

/** A customer with one contact, both in sync and past the folding. */
async function start(options?: WorldOptions): Promise<void> {
  world = await startWorld(options);
  await world.send(customerEvent('C-1'), person(1));
  await world.drain();
  world.advance(10_000);
}
async function send(...events: readonly object[]) {
  const accepted = await world.send(...events);
  await world.drain();
  world.advance(10_000);
  return accepted;
}

describe('a deleted contact', () => {
  it('is emptied and unlinked, and stays known', async () => {
    await start();
    await send(deletedEvent('contact', 'P-1', { version: 2 }));
    expect(row('crm:contact:P-1')).toMatchObject({
      name: '',
      shortName: '',
      emailAddress: '',
      contactForAssociateNo: 0,
    });
    expect(await world.state(contact('P-1'))).toMatchObject({ emptied: true, hashes: {} });
  });

  it('is deleted with NXT_ON_CONTACT_DELETED=delete, and created anew when it comes back', async () => {
    await start({ settings: { NXT_ON_CONTACT_DELETED: 'delete' } });
    const before = row('crm:contact:P-1')?.associateNo;
    await send(deletedEvent('contact', 'P-1', { version: 2 }));
    expect(row('crm:contact:P-1')).toBeUndefined();
    await send(person(3));
    expect(row('crm:contact:P-1')?.associateNo).toBeGreaterThan(before ?? 0);
    expect(await listed()).toEqual([]);
  });

  it('is kept with NXT_ON_CONTACT_DELETED=keep', async () => {
    await start({ settings: { NXT_ON_CONTACT_DELETED: 'keep' } });
    await send(deletedEvent('contact', 'P-1', { version: 2 }));
    expect(row('crm:contact:P-1')).toMatchObject({ name: 'Kari Nordmann' });
  });

  it.each([
    ['another made the row', { createdHere: false }, {}],
    ['the row has got another role', {}, { supplierNo: 50_001 }],
  ])('is not deleted when %s', async (_, state, edit) => {
    await start({ settings: { NXT_ON_CONTACT_DELETED: 'delete' } });
    const stored = await world.sync.ledger.readState(contact('P-1'));
    if (stored) await world.sync.ledger.writeState({ ...stored.row, ...state }, stored);
    world.sandbox.edit(row('crm:contact:P-1')?.associateNo ?? 0, edit);
    await send(deletedEvent('contact', 'P-1', { version: 2 }));
    expect(row('crm:contact:P-1')).toMatchObject({ contactForAssociateNo: 0 });
  });

  it('is not deleted when a row points at it', async () => {
    await start({ settings: { NXT_ON_CONTACT_DELETED: 'delete' }, sandbox: { deleteReferenced: 'allow' } });
    world.sandbox.seed([{ deliveryToAssociateNo: row('crm:contact:P-1')?.associateNo ?? 0, name: 'Lager' }]);
    await send(deletedEvent('contact', 'P-1', { version: 2 }));
    expect(row('crm:contact:P-1')).toMatchObject({ name: '' });
  });

  it('that is a customer too by now keeps that role’s data', async () => {
    await start();
    world.sandbox.edit(row('crm:contact:P-1')?.associateNo ?? 0, { customerNo: 12_345 });
    await send(deletedEvent('contact', 'P-1', { version: 2 }));
    expect(row('crm:contact:P-1')).toMatchObject({ name: 'Kari Nordmann', contactForAssociateNo: 0 });
  });

  it('never empties a row that merely looks like it', async () => {
    await start();
    world.sandbox.seed([{ associateNo: 900, name: 'Ola Nordmann', contactForAssociateNo: 1 }]);
    await send(deletedEvent('contact', 'P-9'));
    expect(world.sandbox.rows().find(({ associateNo }) => associateNo === 900)?.name).toBe('Ola Nordmann');
  });
});

describe('a deleted customer', () => {
  it('is kept, and found again when it comes back', async () => {
    await start();
    await send(deletedEvent('customer', 'C-1', { version: 2 }));
    expect(row('crm:customer:C-1')).toMatchObject({ name: 'Port-Service Øst AS' });
    await send(customerEvent('C-1', { city: 'Stavern' }, { version: 3 }));
    expect(row('crm:customer:C-1')).toMatchObject({ postalArea: 'Stavern' });
    expect(world.sandbox.rows()).toHaveLength(2);
  });

  it('is marked with NXT_ON_CUSTOMER_DELETED=mark, and unmarked when it comes back', async () => {
    await start({ settings: { NXT_ON_CUSTOMER_DELETED: 'mark' } });
    await send(deletedEvent('customer', 'C-1', { version: 2 }));
    expect(row('crm:customer:C-1')).toMatchObject({ information8: 'Slettet i CRM' });
    await send(customerEvent('C-1', {}, { version: 3 }));
    expect(row('crm:customer:C-1')).toMatchObject({ information8: '' });
  });

  it('is not marked over accounting’s own text', async () => {
    await start({ settings: { NXT_ON_CUSTOMER_DELETED: 'mark' } });
    world.sandbox.edit(row('crm:customer:C-1')?.associateNo ?? 0, { information8: 'Purres' });
    await send(deletedEvent('customer', 'C-1', { version: 2 }));
    expect(await listed()).toEqual(['C-1 deletes.mark-occupied']);
    expect(row('crm:customer:C-1')).toMatchObject({ information8: 'Purres' });
  });
});

describe('the order of a deletion and other events', () => {
  it('an update older than the deletion does not bring the record back', async () => {
    await start();
    await send(deletedEvent('contact', 'P-1', { version: 3 }));
    expect(await send(person(2))).toEqual([{ status: 'superseded' }]);
    expect(row('crm:contact:P-1')).toMatchObject({ name: '' });
  });

  it('a deletion before its create leaves a tombstone: the create never reaches the ERP', async () => {
    await start();
    await send(deletedEvent('contact', 'P-2', { version: 2 }));
    expect(await send(contactEvent('P-2', { relatedCustomerCrmId: 'C-1' }, { version: 1 }))).toEqual([
      { status: 'superseded' },
    ]);
    expect(world.sandbox.rows()).toHaveLength(2);
  });

  it('a deletion older than the last update does nothing', async () => {
    await start();
    await send(person(5, { name: 'Kari Hansen' }));
    expect(await send(deletedEvent('contact', 'P-1', { version: 4 }))).toEqual([{ status: 'superseded' }]);
    expect(row('crm:contact:P-1')).toMatchObject({ name: 'Kari Hansen' });
  });

  it('a record that comes back is refilled, also with the very values it had', async () => {
    await start();
    await send(deletedEvent('contact', 'P-1', { version: 2 }));
    await send(person(3));
    expect(row('crm:contact:P-1')).toMatchObject({ name: 'Kari Nordmann', phone: '+4792099720' });
    expect(row('crm:contact:P-1')?.contactForAssociateNo).toBe(row('crm:customer:C-1')?.associateNo);
  });

  it('a tombstone of the past holds: a repeat of the deletion is one', async () => {
    await start();
    await send(deletedEvent('contact', 'P-1', { version: 2 }));
    expect(await send(deletedEvent('contact', 'P-1', { version: 2 }))).toEqual([{ status: 'repeated' }]);
  });
});

describe('the brake on deletions', () => {
  it('holds those above DELETES_PER_HOUR for a person, who lets them pass', async () => {
    await start({ settings: { DELETES_PER_HOUR: '1' } });
    await send(
      contactEvent('P-2', { relatedCustomerCrmId: 'C-1', name: 'Ola Hansen', emailAddress: 'ola@example.no' }),
    );
    await send(deletedEvent('contact', 'P-1', { version: 2 }));
    await send(deletedEvent('contact', 'P-2', { version: 2 }));
    expect(await listed()).toEqual(['P-2 deletes.held']);
    expect(row('crm:contact:P-2')).toMatchObject({ name: 'Ola Hansen' });
    await replay(world.sync, {}, { dryRun: false, cap: 10, release: true, pace: async () => undefined });
    await world.drain();
    expect(row('crm:contact:P-2')).toMatchObject({ name: '' });
    expect(await listed()).toEqual([]);
  });

  it('opens again after the hour, and does not count what changes nothing', async () => {
    await start({ settings: { DELETES_PER_HOUR: '1' } });
    await send(deletedEvent('customer', 'C-1', { version: 2 }), deletedEvent('contact', 'P-7', { version: 2 }));
    await send(deletedEvent('contact', 'P-1', { version: 2 }));
    expect(await listed()).toEqual([]);
    await send(person(3));
    world.advance(3_600_000);
    await send(deletedEvent('contact', 'P-1', { version: 4 }));
    expect(await listed()).toEqual([]);
  });

  it('is off for none: with 0 every deletion waits', async () => {
    await start({ settings: { DELETES_PER_HOUR: '0' } });
    await send(deletedEvent('contact', 'P-1', { version: 2 }));
    expect(await listed()).toEqual(['P-1 deletes.held']);
    expect(await world.state(customer('C-1'))).toMatchObject({ deletedAt: '' });
  });
});
