import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DUE } from '../../../shared/store/index.ts';
import type { AssociateNo, RecordRef } from '../../../shared/record/index.ts';
import { relink, unlink } from '../../../shared/sync/attempt/relink.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { contact, customer, startWorld, type World } from '../../kit/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const rowOf = (no: number) => world.sandbox.rows().find(({ associateNo }) => associateNo === no);
const link = (ref: RecordRef, no: number) => relink(world.sync, ref, no as AssociateNo);
/** What `failed replay … --create` does. */
async function forceCreate(ref: RecordRef): Promise<void> {
  const { pending } = await world.sync.ledger.read(ref);
  if (!pending) throw new Error('nothing is pending');
  await world.sync.ledger.movePending(pending, { ...DUE, order: 'create' });
}

const TWO = [
  { associateNo: 500, customerNo: 20500, name: 'Etat A', companyNo: '921074352' },
  { associateNo: 501, customerNo: 20501, name: 'Etat B', companyNo: '921074352' },
];

describe('a person who says which row a record is', () => {
  it('settles what was ambiguous, and the record goes on with its newest state', async () => {
    world.sandbox.seed(TWO);
    await world.send(customerEvent('C-1', { companyName: 'Etaten' }));
    await world.drain();
    expect(await world.failures()).toMatchObject([{ code: 'match.ambiguous' }]);
    await link(customer('C-1'), 501);
    await world.drain();
    expect(await world.failures()).toEqual([]);
    expect(rowOf(501)).toMatchObject({ name: 'Etaten', externalId: 'crm:customer:C-1' });
    expect(rowOf(500)).toMatchObject({ name: 'Etat A' });
    expect(world.sandbox.rows()).toHaveLength(2);
  });

  it('may let the ERP’s values stay: only the link is written, and what the CRM changes afterwards', async () => {
    world.sandbox.seed(TWO);
    await world.send(customerEvent('C-1', { companyName: 'Etaten', city: 'Larvik' }));
    await world.drain();
    await relink(world.sync, customer('C-1'), 501 as AssociateNo, 'all');
    await world.drain();
    expect(await world.failures()).toEqual([]);
    expect(rowOf(501)).toMatchObject({ name: 'Etat B', postalArea: '', externalId: 'crm:customer:C-1' });
    world.advance(10_000);
    await world.send(customerEvent('C-1', { companyName: 'Etaten', city: 'Moss' }, { version: 2 }));
    await world.drain();
    expect(rowOf(501)).toMatchObject({ name: 'Etat B', postalArea: 'Moss' });
  });

  it('who lets the ERP’s values stay does so for what comes before the link is applied, too', async () => {
    world.sandbox.seed(TWO);
    await world.send(customerEvent('C-1', { companyName: 'Etaten' }));
    await world.drain();
    await relink(world.sync, customer('C-1'), 501 as AssociateNo, 'all');
    await world.send(customerEvent('C-1', { companyName: 'Etaten igjen' }, { version: 2 }));
    await world.drain();
    expect(rowOf(501)).toMatchObject({ name: 'Etat B', externalId: 'crm:customer:C-1' });
  });

  it('may let them stay in some fields: the others are written', async () => {
    world.sandbox.seed(TWO.map((row) => ({ ...row, postalArea: 'Moss', postCode: '1530' })));
    await world.send(customerEvent('C-1', { companyName: 'Etaten', city: 'Larvik', postalCode: '3256' }));
    await world.drain();
    await relink(world.sync, customer('C-1'), 501 as AssociateNo, ['companyName', 'postalCode']);
    // What comes before the link is applied keeps them, too.
    await world.send(
      customerEvent('C-1', { companyName: 'Etaten AS', city: 'Tønsberg', postalCode: '3256' }, { version: 2 }),
    );
    await world.drain();
    expect(await world.failures()).toEqual([]);
    expect(rowOf(501)).toMatchObject({ name: 'Etat B', postalArea: 'Tønsberg', postCode: '1530' });
    world.advance(10_000);
    await world.send(
      customerEvent('C-1', { companyName: 'Etaten', city: 'Tønsberg', postalCode: '3256' }, { version: 3 }),
    );
    await world.drain();
    expect(rowOf(501)).toMatchObject({ name: 'Etaten', postalArea: 'Tønsberg', postCode: '1530' });
  });

  it('stores names of fields, not what they hold, and a second link says it anew', async () => {
    world.sandbox.seed(TWO);
    await world.send(customerEvent('C-1', { companyName: 'Etaten' }));
    await world.drain();
    const kept = async () => (await world.sync.ledger.read(customer('C-1'))).pending?.row.keepsErp;
    await relink(world.sync, customer('C-1'), 500 as AssociateNo, ['companyName']);
    expect(await kept()).toEqual(['companyName']);
    await relink(world.sync, customer('C-1'), 501 as AssociateNo, 'all');
    expect(await kept()).toBe('all');
    await link(customer('C-1'), 501);
    expect(await kept()).toEqual([]);
  });

  it('overrules the numbers that the CRM names', async () => {
    world.sandbox.seed([...TWO, { associateNo: 600, customerNo: 20600, name: 'Riktig AS' }]);
    await world.send(customerEvent('C-1', { actorNumber: 99, organizationNumber: '974760673' }));
    await world.drain();
    expect(await world.failures()).toMatchObject([{ code: 'link.not-found' }]);
    await link(customer('C-1'), 600);
    await world.drain();
    expect(await world.failures()).toEqual([]);
    expect(rowOf(600)).toMatchObject({ externalId: 'crm:customer:C-1', companyNo: '974760673' });
  });

  it('moves a link that was made; the former row gives up the id and nothing else', async () => {
    await world.send(customerEvent('C-1', { companyName: 'Havbris', organizationNumber: null }));
    await world.drain();
    const former = (await world.state(customer('C-1')))?.associateNo ?? 0;
    world.sandbox.seed([{ associateNo: 500, customerNo: 20500, name: 'Havbris Regnskap AS' }]);
    await link(customer('C-1'), 500);
    expect(await world.state(customer('C-1'))).toMatchObject({
      associateNo: 500,
      customerNo: 20500,
      createdHere: false,
    });
    expect(rowOf(former)).toMatchObject({ name: 'Havbris', externalId: '' });
    world.advance(60_000);
    await world.send(customerEvent('C-1', { companyName: 'Havbris Regnskap AS' }, { version: 2 }));
    await world.drain();
    expect(rowOf(500)).toMatchObject({ externalId: 'crm:customer:C-1', postalArea: 'Larvik' });
    expect(rowOf(former)).toMatchObject({ name: 'Havbris' });
  });

  it('does not write the organisation number that the former row still has, until asked once more', async () => {
    await world.send(customerEvent('C-1', { companyName: 'Havbris' }));
    await world.drain();
    const former = (await world.state(customer('C-1')))?.associateNo ?? 0;
    world.sandbox.seed([{ associateNo: 500, customerNo: 20500, name: 'Havbris Regnskap AS' }]);
    await link(customer('C-1'), 500);
    world.advance(60_000);
    await world.send(customerEvent('C-1', { companyName: 'Havbris Regnskap AS' }, { version: 2 }));
    await world.drain();
    expect(await world.failures()).toMatchObject([{ code: 'match.ambiguous', candidates: [500, former] }]);
    expect(rowOf(500)).toMatchObject({ companyNo: '' });
    await link(customer('C-1'), 500);
    await world.drain();
    expect(await world.failures()).toEqual([]);
    expect(rowOf(500)).toMatchObject({ externalId: 'crm:customer:C-1', companyNo: '921074352' });
  });

  it('is refused a row of another live record, one that is not there, and one of another kind', async () => {
    world.sandbox.seed([...TWO, { associateNo: 700, contactForAssociateNo: 500, name: 'Kari Nordmann' }]);
    await world.send(customerEvent('C-1', { companyName: 'Etat A' }), customerEvent('C-2', { companyName: 'Etaten' }));
    await world.drain();
    await expect(link(customer('C-2'), 500)).rejects.toMatchObject({ code: 'match.already-linked' });
    await expect(link(customer('C-2'), 999)).rejects.toMatchObject({ code: 'link.not-found' });
    await expect(link(customer('C-2'), 700)).rejects.toMatchObject({ code: 'match.conflict' });
    await expect(link(contact('P-1'), 500)).rejects.toMatchObject({ code: 'match.conflict' });
    expect(await world.failures()).toMatchObject([{ ref: customer('C-2'), code: 'match.ambiguous' }]);
  });
});

describe('a person who says that a record is a row of its own', () => {
  it('has it created beside those that look like it, once, also when the answer is lost', async () => {
    world.sandbox.seed(TWO);
    await world.send(customerEvent('C-1', { companyName: 'Etaten' }));
    await world.drain();
    await forceCreate(customer('C-1'));
    world.sandbox.faults.add({ do: 'lose-answer', on: 'create', next: 1 });
    await world.drain();
    expect(await world.failures()).toEqual([]);
    expect(world.sandbox.rows().filter(({ name }) => name === 'Etaten')).toHaveLength(1);
    expect(world.sandbox.rows()).toHaveLength(3);
  });

  it('still links contacts of it to their customer', async () => {
    world.sandbox.seed(TWO);
    await world.send(
      customerEvent('C-1', { companyName: 'Etaten' }),
      contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }),
    );
    await world.apply(customer('C-1'));
    await world.apply(contact('P-1'));
    await forceCreate(customer('C-1'));
    await world.drain();
    const customerRow = await world.state(customer('C-1'));
    expect((await world.state(contact('P-1')))?.parentNo).toBe(customerRow?.associateNo);
  });
});

describe('a person who says that a row is not the record’s', () => {
  it('has the row give up the id; the next change is matched anew', async () => {
    world.sandbox.seed(TWO);
    await world.send(customerEvent('C-1', { companyName: 'Etat A' }));
    await world.drain();
    await unlink(world.sync, customer('C-1'));
    expect(rowOf(500)).toMatchObject({ externalId: '', name: 'Etat A' });
    expect(await world.state(customer('C-1'))).toMatchObject({ associateNo: null });
    world.advance(60_000);
    await world.send(customerEvent('C-1', { companyName: 'Etat B' }, { version: 2 }));
    await world.drain();
    expect(await world.state(customer('C-1'))).toMatchObject({ associateNo: 501 });
  });
});
