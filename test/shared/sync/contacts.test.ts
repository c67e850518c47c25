import { afterEach, describe, expect, it } from 'vitest';
import { applyChange, sweep } from '../../../shared/sync/index.ts';
import { contact, customer, startWorld, type World, type WorldOptions } from '../../kit/world.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';
import { replay } from '../../../shared/sync/operate/replay.ts';

let world: World;
const start = async (options?: WorldOptions) => (world = await startWorld(options));
afterEach(() => world.stop());
const listed = async () => (await world.failures()).map(({ ref, code }) => `${ref.crmId} ${code}`);
const HOUR = 3_600_000;
const of = (crmId: string) => ({ relatedCustomerCrmId: crmId });

describe('a contact before its customer', () => {
  it('waits without spending attempts and is called when the customer has its number', async () => {
    await start();
    await world.send(contactEvent('P-1', of('C-1')));
    expect(await world.apply(contact('P-1'))).toEqual({ outcome: 'waiting', code: 'customer.missing' });
    await world.send(customerEvent('C-1'));
    await world.apply(customer('C-1'));
    expect((await world.messages('changes')).filter((text) => text.includes('P-1'))).toHaveLength(2);
    expect(await world.pending()).toMatchObject([{ attempts: 0, notBefore: '' }]);
    await world.apply(contact('P-1'));
    expect(world.sandbox.rows()).toHaveLength(2);
  });

  it('called while the flow is stopped is fed soon after, not at the end of its wait', async () => {
    await start();
    await world.send(contactEvent('P-1', of('C-1')));
    await world.apply(contact('P-1'));
    await world.send(customerEvent('C-1'));
    await world.apply(customer('C-1'));
    await world.sync.flow.pause('test');
    expect(await world.apply(contact('P-1'))).toEqual({ outcome: 'paused' });
    await world.sync.flow.resume();
    world.advance(61_000);
    expect((await sweep(world.sync))?.fed).toBe(1);
  });

  it('called while its first look is under way looks again', async () => {
    await start();
    await world.send(contactEvent('P-1', of('C-1')), customerEvent('C-1'));
    const { ledger } = world.sync;
    let looks = 0;
    // The customer is linked, and calls, between the contact's last look and its going to wait.
    const slow = {
      ...ledger,
      async readState(record: Parameters<typeof ledger.readState>[0]) {
        const found = await ledger.readState(record);
        if (record.kind === 'customer' && (looks += 1) === 2) {
          await world.apply(customer('C-1'));
          expect(await world.apply(contact('P-1'))).toMatchObject({ code: 'lease.held' });
        }
        return found;
      },
    };
    await applyChange({ ...world.sync, ledger: slow }, contact('P-1'));
    const [pending] = await world.pending();
    expect(Date.parse(pending?.dueAt ?? '') - world.now()).toBeLessThan(120_000);
    expect(await world.apply(contact('P-1'))).toMatchObject({ outcome: 'created' });
  });

  it('waits on while the customer is failed, and goes on when a person has settled that', async () => {
    await start();
    world.sandbox.faults.add({ do: 'row-error', on: 'create', nameContains: 'Port' });
    await world.send(customerEvent('C-1'), contactEvent('P-1', of('C-1')));
    await world.apply(customer('C-1'));
    await world.apply(contact('P-1'));
    expect(await listed()).toEqual(['C-1 erp.row-refused']);
    world.advance(24 * HOUR);
    expect(await world.apply(contact('P-1'))).toMatchObject({ outcome: 'waiting' });
    world.sandbox.faults.clear();
    const options = { dryRun: false, cap: 10, release: false, pace: async () => undefined };
    expect(await replay(world.sync, {}, options)).toMatchObject([{ result: 'replayed' }]);
    await world.drain();
    expect(await listed()).toEqual([]);
    expect(world.sandbox.rows()).toHaveLength(2);
  });

  it('gives up after WAIT_FOR_CUSTOMER_HOURS, and a new event begins another wait', async () => {
    await start({ settings: { WAIT_FOR_CUSTOMER_HOURS: '24' } });
    await world.send(contactEvent('P-1', of('C-1')));
    await world.apply(contact('P-1'));
    world.advance(20 * HOUR);
    // A newer event does not prolong the first wait.
    await world.send(contactEvent('P-1', of('C-1'), { version: 2 }));
    await world.apply(contact('P-1'));
    world.advance(5 * HOUR);
    expect(await world.apply(contact('P-1'))).toMatchObject({ outcome: 'failed', code: 'customer.never-came' });
    await world.send(contactEvent('P-1', of('C-1'), { version: 3 }));
    expect(await world.apply(contact('P-1'))).toMatchObject({ outcome: 'waiting', code: 'customer.missing' });
  });

  it('deleted while it waits leaves nothing to wake', async () => {
    await start();
    await world.send(contactEvent('P-1', of('C-1')));
    await world.apply(contact('P-1'));
    await world.send(deletedEvent('contact', 'P-1', { version: 2 }), customerEvent('C-1'));
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
    expect(await world.apply(contact('P-1'))).toEqual({ outcome: 'nothing-to-do' });
  });

  it('goes on when the customer was deleted, its row gone, and comes back', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    world.advance(10_000);
    world.sandbox.edit(world.sandbox.rows()[0]?.associateNo ?? 0, undefined);
    await world.send(deletedEvent('customer', 'C-1', { version: 2 }));
    await world.drain();
    expect(await world.state(customer('C-1'))).toMatchObject({ associateNo: null, numbersOwed: '' });
    await world.send(contactEvent('P-1', of('C-1')));
    await world.apply(contact('P-1'));
    await world.send(customerEvent('C-1', {}, { version: 3 }));
    await world.apply(customer('C-1'));
    expect((await world.messages('changes')).filter((text) => text.includes('P-1'))).toHaveLength(2);
  });
});

describe('a contact’s customer', () => {
  it('can change: the row moves with it', async () => {
    await start();
    await world.send(
      customerEvent('C-1'),
      customerEvent('C-2', { organizationNumber: '974760673', companyName: 'Annen AS' }),
      contactEvent('P-1', of('C-1')),
    );
    await world.drain();
    world.advance(10_000);
    await world.send(contactEvent('P-1', of('C-2'), { version: 2 }));
    await world.drain();
    const second = (await world.state(customer('C-2')))?.associateNo;
    const person = world.sandbox.rows().find(({ externalId }) => externalId === 'crm:contact:P-1');
    expect(person?.contactForAssociateNo).toBe(second);
    expect(world.sandbox.rows()).toHaveLength(3);
  });

  it('can be named by its actor number alone, if that is a customer', async () => {
    await start({
      sandbox: {
        rows: [
          { associateNo: 5, customerNo: 10_001 },
          { associateNo: 6, supplierNo: 50_001 },
        ],
      },
    });
    await world.send(
      contactEvent('P-1', { relatedCustomerActorNumber: 5 }),
      contactEvent('P-2', { relatedCustomerActorNumber: 6 }),
      contactEvent('P-3', { relatedCustomerActorNumber: 99 }),
    );
    await world.drain();
    expect((await listed()).sort()).toEqual(['P-2 match.conflict', 'P-3 link.not-found']);
    expect(world.sandbox.rows()[2]).toMatchObject({ contactForAssociateNo: 5, externalId: 'crm:contact:P-1' });
  });

  it('named by id and by another number is a conflict', async () => {
    await start({ sandbox: { rows: [{ associateNo: 900, customerNo: 12_000 }] } });
    await world.send(customerEvent('C-1'), contactEvent('P-1', { ...of('C-1'), relatedCustomerActorNumber: 900 }));
    await world.drain();
    expect(await listed()).toEqual(['P-1 match.conflict']);
    await world.send(contactEvent('P-1', of('C-1'), { version: 2 }));
    await world.drain();
    expect(await listed()).toEqual([]);
  });
});
