import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../shared/failure.ts';
import type { AssociateNo } from '../../../shared/record/index.ts';
import { createOperations, type Operations } from '../../../shared/sync/index.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';
import { contact, customer, startWorld, type World, type WorldOptions } from '../../kit/world.ts';

let world: World;
let ops: Operations;
const ACTOR = { by: 'kari', reason: '' };
afterEach(() => world.stop());

async function start(options: WorldOptions = {}): Promise<void> {
  world = await startWorld(options);
  ops = createOperations(world.engine);
  await world.send(
    customerEvent('C-1', { companyName: 'Nordlys AS', organizationNumber: null, city: 'Larvik' }),
    customerEvent('C-2', { companyName: 'Sørlys AS', organizationNumber: null, city: 'Moss' }),
    contactEvent('P-1', { relatedCustomerCrmId: 'C-1', name: 'Kari Nordmann' }),
  );
  await world.drain();
}

const noOf = async (ref = customer('C-1')) => (await world.state(ref))?.associateNo ?? 0;
const named = async () =>
  (await ops.reconcile(ACTOR)).map(({ kind, record, associateNos = [] }) => [kind, record ?? associateNos]);

describe('a comparison', () => {
  it('made twice at once is one', async () => {
    await start();
    world.sandbox.edit(await noOf(), { postalArea: 'Tjøme' });
    const [one, other] = await Promise.all([ops.reconcile(ACTOR), ops.reconcile(ACTOR)]);
    expect(one).toEqual(other);
    expect(await ops.differences()).toMatchObject({ unfinished: null, lines: [{ record: 'customer:C-1' }] });
  });

  it('that the CRM breaks off leaves the list before, with the reason; so does one whose storage fails, without', async () => {
    await start();
    world.sandbox.edit(await noOf(), { postalArea: 'Tjøme' });
    await ops.reconcile(ACTOR);
    const breaking = (error: Error) =>
      createOperations({ ...world.engine, crm: { ...NO_CRM, listRecords: () => Promise.reject(error) } });
    await expect(breaking(new Failure('crm.unavailable')).reconcile(ACTOR)).rejects.toThrow('crm.unavailable');
    expect(await ops.differences()).toMatchObject({
      lines: [{ record: 'customer:C-1' }],
      unfinished: { by: 'kari', code: 'crm.unavailable' },
    });
    await expect(breaking(new Error('storage')).reconcile(ACTOR)).rejects.toThrow('storage');
    expect(await ops.differences()).toMatchObject({ lines: [{ record: 'customer:C-1' }], unfinished: { code: '' } });
  });

  it('names what is left in the ERP of records that the CRM deleted, and nobody of whom it knows', async () => {
    await start({ settings: { NXT_ON_CONTACT_DELETED: 'keep' } });
    const [c, p] = [await noOf(), await noOf(contact('P-1'))];
    await world.send(deletedEvent('contact', 'P-1', { version: 2 }), deletedEvent('customer', 'C-1', { version: 2 }));
    await world.drain();
    expect(await named()).toEqual([
      ['only-in-erp', [c]],
      ['only-in-erp', [p]],
    ]);
  });

  it('of a person who was erased finds no row to name', async () => {
    await start();
    await world.send(deletedEvent('contact', 'P-1', { version: 2 }));
    await world.drain();
    expect(await named()).toEqual([]);
  });

  it('tells of every page that it reads', async () => {
    await start();
    let pages = 0;
    await ops.reconcile(ACTOR, () => (pages += 1));
    expect(pages).toBeGreaterThan(0);
  });

  it('finds what the CRM never sent, which is linked to the row that it is, or let be until it is another', async () => {
    await start();
    world.sandbox.seed([{ associateNo: 700, customerNo: 20_700, name: 'Stille AS' }]);
    const items = [
      { crmId: 'C-8', companyName: 'Stille AS' },
      { crmId: 'C-9', companyName: 'Taus AS' },
    ];
    const listRecords = async (kind: string) => ({ items: kind === 'customer' ? items : [], next: '' });
    ops = createOperations({ ...world.engine, crm: { listRecords } });
    expect(await named()).toEqual([
      ['never-sent', 'customer:C-8'],
      ['never-sent', 'customer:C-9'],
      ['only-in-erp', [700]],
    ]);
    await ops.link(customer('C-8'), 700 as AssociateNo, ACTOR);
    await ops.letBe({ kind: 'never-sent', record: 'customer:C-9', associateNos: [] }, { by: 'kari', reason: 'a lead' });
    expect((await ops.differences())?.lines).toEqual([]);
    expect(await named()).toEqual([]);
    items[1] = { crmId: 'C-9', companyName: 'Taus og Sønn AS' };
    expect(await named()).toEqual([['never-sent', 'customer:C-9']]);
    await world.send(customerEvent('C-8', { companyName: 'Stille AS', organizationNumber: null, city: 'Moss' }));
    await world.drain();
    expect(world.sandbox.rows().filter(({ name }) => name === 'Stille AS')).toMatchObject([
      { associateNo: 700, postalArea: 'Moss' },
    ]);
  });

  it('says of two records of one row that they are linked twice, until one gives it up', async () => {
    await start();
    const two = await world.sync.ledger.readState(customer('C-2'));
    const one = await world.state(customer('C-1'));
    if (!two || !one) throw new Error('not linked');
    await world.sync.ledger.writeState({ ...two.row, associateNo: one.associateNo }, two);
    expect(await named()).toContainEqual(['linked-twice', 'customer:C-1']);
    const line = { kind: 'linked-twice' as const, record: 'customer:C-1', associateNos: [] };
    await ops.letBe(line, { by: 'kari', reason: 'one company, two records' });
    expect(await named()).not.toContainEqual(['linked-twice', 'customer:C-1']);
    expect(await named()).toContainEqual(['linked-twice', 'customer:C-2']);
    await ops.unlink(customer('C-2'), ACTOR);
    expect(await named()).not.toContainEqual(['linked-twice', 'customer:C-2']);
  });
});

const NO_CRM = { writeNumbers: () => Promise.reject(new Error('nobody writes')) };
