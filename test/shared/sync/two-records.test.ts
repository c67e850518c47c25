import { afterEach, describe, expect, it } from 'vitest';
import { applyChange } from '../../../shared/sync/index.ts';
import { eventually } from '../../kit/eventually.ts';
import { contact, customer, startWorld, type World, type WorldOptions } from '../../kit/world.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';

let world: World;
const start = async (options?: WorldOptions) => (world = await startWorld(options));
afterEach(() => world.stop());
const listed = async () => (await world.failures()).map(({ ref, code }) => `${ref.crmId} ${code}`);
const FIRST = customerEvent('C-1', { companyName: 'Larvik skole' });
const SECOND = customerEvent('C-2', { companyName: 'Larvik barnehage' });

describe('two CRM records with one organisation number', () => {
  it.each([
    [
      'one after the other',
      async () => {
        await world.send(FIRST);
        await world.drain();
        await world.send(SECOND);
      },
    ],
    ['at the same time', () => world.send(FIRST, SECOND)],
    [
      'the first create in doubt',
      async () => {
        world.sandbox.faults.add({ do: 'land-later', on: 'create', next: 1, afterMs: 3_600_000 });
        await world.send(FIRST);
        await world.apply(customer('C-1'));
        await world.send(SECOND);
        world.advance(20_000);
        // It may not even look while the other is in doubt.
        expect(await world.apply(customer('C-2'))).toMatchObject({ outcome: 'waiting', code: 'claim.held' });
        await world.sandbox.faults.landNow();
      },
    ],
    [
      'the first having crashed after its create',
      async () => {
        await world.send(FIRST);
        const crashing = await world.instance();
        const ledger = { ...crashing.ledger, save: () => new Promise<never>(() => undefined) };
        // Killed here: what it had begun never goes on.
        void applyChange({ ...crashing, ledger }, customer('C-1'));
        await eventually(() => expect(world.sandbox.rows()).toHaveLength(1));
        await world.send(SECOND);
        world.advance(400_000);
      },
    ],
  ])('come to one row and one failure when they come %s', async (_, arrive) => {
    await start();
    await arrive();
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
    const failures = await listed();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^C-[12] match\.already-linked$/);
    const [failure] = await world.failures();
    expect(failure?.candidates).toEqual([world.sandbox.rows()[0]?.associateNo]);
  });

  it.each(['sequential', 'concurrent'])('come to two rows with NXT_SAME_ORG_NUMBER=create, %s', async (timing) => {
    await start({ settings: { NXT_SAME_ORG_NUMBER: 'create', NXT_SAME_NAME: 'ask' } });
    await world.send(FIRST);
    if (timing === 'sequential') await world.drain();
    await world.send(SECOND);
    await world.drain();
    expect(await listed()).toEqual([]);
    expect(world.sandbox.rows()).toHaveLength(2);
    expect(world.sandbox.doubles()).toEqual([]);
    // A third shop of the chain is no more ambiguous than the second.
    await world.send(customerEvent('C-3', { companyName: 'Larvik bad' }));
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(3);
  });

  it('do not both take the one row that was there before', async () => {
    await start({ sandbox: { rows: [{ associateNo: 5, customerNo: 10_001, companyNo: 'NO 921 074 352 MVA' }] } });
    await world.send(FIRST, SECOND);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
    expect(await listed()).toHaveLength(1);
  });

  it('the second is created when the first turns out to be refused', async () => {
    await start();
    world.sandbox.faults.add({ do: 'row-error', on: 'create', nameContains: 'skole' });
    await world.send(FIRST);
    await world.drain();
    await world.send(SECOND);
    await world.drain();
    expect(await listed()).toEqual(['C-1 erp.row-refused']);
    expect(world.sandbox.rows().map(({ name }) => name)).toEqual(['Larvik barnehage']);
  });
});

describe('two CRM records with one customer number', () => {
  const numbered = (crmId: string) => customerEvent(crmId, { customerNumber: 10_500, organizationNumber: null });

  it.each(['sequential', 'concurrent'])('come to one row and one failure, %s', async (timing) => {
    await start();
    await world.send(numbered('C-1'));
    if (timing === 'sequential') await world.drain();
    await world.send(numbered('C-2'));
    await world.drain();
    expect(world.sandbox.rows()).toMatchObject([{ customerNo: 10_500 }]);
    expect(await listed()).toHaveLength(1);
    expect((await listed())[0]).toMatch(/match\.already-linked$/);
  });
});

describe('the same id', () => {
  it('as a customer and as a contact is two records with two rows', async () => {
    await start();
    await world.send(customerEvent('X-1'), contactEvent('X-1', { relatedCustomerCrmId: 'X-1' }));
    await world.drain();
    expect(world.sandbox.rows().map(({ externalId }) => externalId)).toEqual(['crm:customer:X-1', 'crm:contact:X-1']);
    expect(world.sandbox.rows()[1]?.contactForAssociateNo).toBe(world.sandbox.rows()[0]?.associateNo);
  });

  it('but for the case of a letter is two records with two rows', async () => {
    await start();
    await world.send(customerEvent('c-1', { organizationNumber: null }));
    await world.drain();
    await world.send(customerEvent('C-1', { organizationNumber: null }));
    await world.drain();
    expect(world.sandbox.rows().map(({ externalId }) => externalId)).toEqual(['crm:customer:c-1', 'crm:customer:C-1']);
  });
});

describe('rows linked elsewhere', () => {
  it('stay so when the claim alone says it, the external id column holding something else', async () => {
    await start({
      sandbox: { rows: [{ associateNo: 5, customerNo: 10_001, companyNo: '921074352', externalId: 'WEBSHOP-77' }] },
    });
    await world.send(FIRST);
    await world.drain();
    expect((await world.state(customer('C-1')))?.associateNo).toBe(5);
    expect(world.sandbox.rows()[0]?.externalId).toBe('WEBSHOP-77');
    await world.send(customerEvent('C-2', { actorNumber: 5 }));
    await world.drain();
    expect(await listed()).toEqual(['C-2 match.already-linked']);
  });

  it('two contacts that look alike do not share one row', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    const [parent] = world.sandbox.rows();
    world.sandbox.seed([
      { associateNo: 900, contactForAssociateNo: parent?.associateNo ?? 0, name: 'Kari Nordmann', emailAddress: '' },
    ]);
    await world.send(
      contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }),
      contactEvent('P-2', { relatedCustomerCrmId: 'C-1' }),
    );
    await world.drain();
    expect(await listed()).toEqual([]);
    const links = [await world.state(contact('P-1')), await world.state(contact('P-2'))].map(
      (each) => each?.associateNo,
    );
    expect(new Set(links).size).toBe(2);
    expect(links).toContain(900);
    expect(world.sandbox.rows()).toHaveLength(3);
  });
});
