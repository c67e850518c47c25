import { afterEach, describe, expect, it } from 'vitest';
import { contact, customer, startWorld, type World, type WorldOptions } from '../../kit/world.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';

let world: World;
const start = async (options?: WorldOptions) => (world = await startWorld(options));
afterEach(() => world.stop());
const codes = async () => (await world.failures()).map(({ code }) => code);
/** Past the folding of bursts. */
const later = () => world.advance(10_000);

describe('a create whose answer is lost', () => {
  it('is found by its external id: nothing is created again, and the row counts as made here', async () => {
    await start();
    world.sandbox.faults.add({ do: 'lose-answer', on: 'create', next: 1 });
    await world.send(customerEvent('C-1'));
    expect(await world.apply(customer('C-1'))).toMatchObject({ outcome: 'waiting', code: 'write.in-doubt' });
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
    expect(await world.state(customer('C-1'))).toMatchObject({ createdHere: true, intent: null });
    expect(await codes()).toEqual([]);
  });

  it('and which lands only later is waited for, attempts unspent', async () => {
    await start();
    world.sandbox.faults.add({ do: 'land-later', on: 'create', next: 1, afterMs: 3_600_000 });
    await world.send(customerEvent('C-1'));
    await world.apply(customer('C-1'));
    world.advance(40_000);
    expect(await world.apply(customer('C-1'))).toMatchObject({ outcome: 'waiting', code: 'write.in-doubt' });
    expect(await world.pending()).toMatchObject([{ attempts: 0 }]);
    await world.sandbox.faults.landNow();
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
  });

  it('and which never lands is sent again once the doubt has passed, not before', async () => {
    await start();
    world.sandbox.faults.add({ do: 'land-later', on: 'create', next: 1, afterMs: 3_600_000 });
    await world.send(customerEvent('C-1'));
    await world.apply(customer('C-1'));
    world.sandbox.faults.dropLandings();
    world.advance(80_000);
    await world.apply(customer('C-1'));
    expect(world.sandbox.requests.counts.operations.create).toBe(1);
    world.advance(12_000);
    await world.apply(customer('C-1'));
    expect(world.sandbox.rows()).toHaveLength(1);
  });

  it('is not taken for done when a rule finds another row while it may still land', async () => {
    await start();
    world.sandbox.faults.add({ do: 'land-later', on: 'create', next: 1, afterMs: 3_600_000 });
    await world.send(customerEvent('C-1'));
    await world.apply(customer('C-1'));
    // Accounting enters the same company by hand meanwhile.
    world.sandbox.seed([{ associateNo: 900, customerNo: 12_000, name: 'Port-Service', companyNo: '921 074 352' }]);
    world.advance(40_000);
    expect(await world.apply(customer('C-1'))).toMatchObject({ code: 'write.in-doubt' });
    await world.sandbox.faults.landNow();
    await world.drain();
    const linked = (await world.state(customer('C-1')))?.associateNo;
    expect(world.sandbox.rows().find(({ associateNo }) => associateNo === linked)?.externalId).toBe('crm:customer:C-1');
    expect(world.sandbox.rows().find(({ associateNo }) => associateNo === 900)?.externalId).toBe('');
  });

  it('does not make a row of accounting’s count as made here', async () => {
    await start({ settings: { NXT_ON_CONTACT_DELETED: 'delete' } });
    await world.send(customerEvent('C-1'));
    await world.drain();
    const [parent] = world.sandbox.rows();
    world.sandbox.faults.add({ do: 'land-later', on: 'create', next: 1, afterMs: 3_600_000 });
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
    await world.apply(contact('P-1'));
    world.sandbox.faults.dropLandings();
    world.sandbox.seed([
      { associateNo: 900, contactForAssociateNo: parent?.associateNo ?? 0, name: 'Kari Nordmann', emailAddress: '' },
    ]);
    world.advance(91_000);
    await world.drain();
    expect(await world.state(contact('P-1'))).toMatchObject({ associateNo: 900, createdHere: false });
    later();
    await world.send(deletedEvent('contact', 'P-1', { version: 2 }));
    await world.drain();
    // Emptied, not deleted.
    expect(world.sandbox.rows().find(({ associateNo }) => associateNo === 900)).toMatchObject({ name: '' });
  });

  it('where no column holds the id is for a person, unless a number or the name proves it', async () => {
    await start({ settings: { NXT_EXTERNAL_ID_COLUMN: 'none' } });
    world.sandbox.faults.add({ do: 'lose-answer', on: 'create', next: 3 });
    await world.send(customerEvent('C-1', { organizationNumber: null }), customerEvent('C-2'));
    await world.drain();
    const failures = await world.failures();
    expect(failures.map(({ ref, code }) => `${ref.crmId} ${code}`)).toEqual(['C-1 create.uncertain']);
    expect(world.sandbox.rows()).toHaveLength(2);
    expect((await world.state(customer('C-2')))?.associateNo).not.toBeNull();
  });

  it('where no column holds the id does not let a deletion pass as done', async () => {
    await start({ settings: { NXT_EXTERNAL_ID_COLUMN: 'none' } });
    await world.send(customerEvent('C-1'));
    await world.drain();
    world.sandbox.faults.add({ do: 'lose-answer', on: 'create', next: 1 });
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
    await world.apply(contact('P-1'));
    await world.send(deletedEvent('contact', 'P-1', { version: 2 }));
    await world.drain();
    expect(await codes()).toEqual(['create.uncertain']);
  });

  it('is not repeated for a newer event either', async () => {
    await start();
    world.sandbox.faults.add({ do: 'land-later', on: 'create', next: 1, afterMs: 3_600_000 });
    await world.send(customerEvent('C-1'));
    await world.apply(customer('C-1'));
    await world.send(customerEvent('C-1', { companyName: 'Nytt navn AS' }, { version: 2 }));
    world.advance(30_000);
    await world.apply(customer('C-1'));
    await world.sandbox.faults.landNow();
    await world.drain();
    expect(world.sandbox.rows().map(({ name }) => name)).toEqual(['Nytt navn AS']);
  });
});

describe('an update whose answer is lost', () => {
  it('is seen in the row and not sent again', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    later();
    world.sandbox.faults.add({ do: 'lose-answer', on: 'update', next: 1 });
    await world.send(customerEvent('C-1', { city: 'Sandefjord' }, { version: 2 }));
    await world.drain();
    expect(world.sandbox.requests.counts.operations.update).toBe(1);
    expect(world.sandbox.rows()).toMatchObject([{ postalArea: 'Sandefjord' }]);
  });

  it('and which lands late is not overtaken: the newest state stands at the end', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    later();
    world.sandbox.faults.add({ do: 'land-later', on: 'update', next: 1, afterMs: 3_600_000 });
    await world.send(customerEvent('C-1', { city: 'Sandefjord' }, { version: 2 }));
    await world.apply(customer('C-1'));
    await world.send(customerEvent('C-1', {}, { version: 3 }));
    world.advance(30_000);
    // The row still says what version 3 wants, but the late one will change that.
    expect(await world.apply(customer('C-1'))).toMatchObject({ outcome: 'waiting', code: 'write.in-doubt' });
    await world.sandbox.faults.landNow();
    await world.drain();
    expect(world.sandbox.rows()).toMatchObject([{ postalArea: 'Larvik' }]);
  });

  it('that was to link a row keeps the row for this record', async () => {
    await start({
      sandbox: { rows: [{ associateNo: 5, supplierNo: 50_001, companyNo: '921074352', name: 'Leverandør' }] },
    });
    world.sandbox.faults.add({ do: 'lose-answer', on: 'update', next: 1 });
    await world.send(customerEvent('C-1'));
    await world.apply(customer('C-1'));
    expect(await world.state(customer('C-1'))).toMatchObject({ associateNo: 5, linkIsNew: true });
    await world.drain();
    expect(world.sandbox.rows()).toMatchObject([{ associateNo: 5, externalId: 'crm:customer:C-1' }]);
    expect(world.sandbox.rows()[0]?.customerNo).toBeGreaterThan(0);
  });

  it('that was to link a row does not widen NXT_FIRST_LINK=link-only', async () => {
    await start({
      settings: { NXT_FIRST_LINK: 'link-only' },
      sandbox: { rows: [{ associateNo: 5, customerNo: 10_001, companyNo: '921074352', name: 'Navn i ERP' }] },
    });
    world.sandbox.faults.add({ do: 'lose-answer', on: 'update', next: 1 });
    await world.send(customerEvent('C-1'));
    await world.drain();
    expect(world.sandbox.rows()).toMatchObject([{ name: 'Navn i ERP', externalId: 'crm:customer:C-1' }]);
  });
});

describe('a deletion whose answer is lost', () => {
  it('waits for an update that may still land, so that nothing personal comes back', async () => {
    await start();
    await world.send(customerEvent('C-1'), contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
    await world.drain();
    later();
    world.sandbox.faults.add({ do: 'land-later', on: 'update', next: 1, afterMs: 3_600_000 });
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1', name: 'Kari Hansen' }, { version: 2 }));
    await world.apply(contact('P-1'));
    await world.send(deletedEvent('contact', 'P-1', { version: 3 }));
    world.advance(30_000);
    expect(await world.apply(contact('P-1'))).toMatchObject({ code: 'write.in-doubt' });
    await world.sandbox.faults.landNow();
    await world.drain();
    expect(world.sandbox.rows()[1]).toMatchObject({ name: '', emailAddress: '' });
  });

  it('is found done afterwards', async () => {
    await start({ settings: { NXT_ON_CONTACT_DELETED: 'delete' } });
    await world.send(customerEvent('C-1'), contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
    await world.drain();
    later();
    world.sandbox.faults.add({ do: 'lose-answer', on: 'delete', next: 1 });
    await world.send(deletedEvent('contact', 'P-1', { version: 2 }));
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
    expect(await world.state(contact('P-1'))).toMatchObject({ associateNo: null, intent: null });
    expect(await codes()).toEqual([]);
  });

  it('does not keep the record from coming back: an emptied row is refilled, a deleted one made anew', async () => {
    for (const how of ['clear', 'delete']) {
      await start({ settings: { NXT_ON_CONTACT_DELETED: how } });
      await world.send(customerEvent('C-1'), contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
      await world.drain();
      later();
      world.sandbox.faults.add({ do: 'lose-answer', on: how === 'clear' ? 'update' : 'delete', next: 1 });
      await world.send(deletedEvent('contact', 'P-1', { version: 2 }));
      await world.apply(contact('P-1'));
      await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }, { version: 3 }));
      await world.drain();
      expect(await codes()).toEqual([]);
      expect(world.sandbox.rows()).toHaveLength(2);
      expect(world.sandbox.rows()[1]).toMatchObject({ name: 'Kari Nordmann', emailAddress: 'kari@example.no' });
      if (how === 'clear') await world.stop();
    }
  });
});
