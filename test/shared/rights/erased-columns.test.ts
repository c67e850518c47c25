import { afterEach, describe, expect, test } from 'vitest';
import { probeDocument, readDocument, updateDocument } from '../../../shared/erp/associates/documents.ts';
import { erase } from '../../../shared/rights/erase.ts';
import { createReceipts } from '../../../shared/rights/receipts.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';
import { contact, startWorld, type World } from '../../kit/world.ts';

/** What accounting, or an older program, may have written into a contact's row. */
const KEPT_BY_HAND = {
  title: 'Daglig leder Kari',
  fax: '33 11 22 33',
  yourReference: 'Kari N.',
  shortName: 'KARI',
  mobilePhone: '920 99 720',
  addressLine2: 'c/o Nordmann',
  companyNo: '01017000027',
  information2: 'Liker kaffe',
  information3: 'Hund: Fido',
};
const STAYS = { information1: 'avtale 7', bankAccount: '12345678903' };

let world: World;
afterEach(() => world.stop());

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  world = await startWorld({
    settings: { NXT_PERSONAL_COLUMNS: 'Inf2, information3', ...settings },
    sandbox: {
      rows: [
        { associateNo: 7, customerNo: 10_007, name: 'Port-Service Øst AS', companyNo: '921074352', postCode: '3270' },
        { associateNo: 8, contactForAssociateNo: 7, name: 'Kari Nordmann', ...KEPT_BY_HAND, ...STAYS },
      ],
    },
  });
  await world.send(customerEvent('C-1'), contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
  await world.drain();
  world.advance(10_000);
  expect(row()).toMatchObject({ externalId: 'crm:contact:P-1', ...STAYS });
}
const row = () => world.sandbox.rows().find(({ associateNo }) => associateNo === 8);
const eraseKari = () => {
  const receipts = createReceipts(world.engine.control, () => world.now());
  const request = { requester: 'person', reference: '', by: 'dpo' } as const;
  return erase(world.sync, receipts, { by: 'record', ref: contact('P-1') }, request);
};
const updates = () => world.lines.filter((line) => line.includes('"operation":"associate_update"')).length;

const EMPTY = Object.fromEntries(Object.keys(KEPT_BY_HAND).map((column) => [column, '']));
const PERSONAL = { name: '', emailAddress: '', phone: '', contactForAssociateNo: 0 };

describe('a contact that is emptied', () => {
  test('by an erasure keeps nothing that can say something about a person, nor the CRM’s id', async () => {
    await start();
    await eraseKari();
    expect(row()).toMatchObject({ ...EMPTY, ...PERSONAL, externalId: '', ...STAYS });
  });

  test('by a deletion keeps nothing of that either, but its link', async () => {
    await start();
    await world.send(deletedEvent('contact', 'P-1', { version: 2 }));
    await world.drain();
    expect(row()).toMatchObject({ ...EMPTY, ...PERSONAL, externalId: 'crm:contact:P-1', ...STAYS });
  });

  test('is not written again by a second deletion; an erasure writes, for accounting may have been there', async () => {
    await start();
    await world.send(deletedEvent('contact', 'P-1', { version: 2 }));
    await world.drain();
    const before = updates();
    world.advance(10_000);
    await world.send(deletedEvent('contact', 'P-1', { version: 3 }));
    await world.drain();
    expect(updates()).toBe(before);
    world.advance(10_000);
    await eraseKari();
    expect(updates()).toBe(before + 1);
    expect(row()).toMatchObject({ ...EMPTY, externalId: '' });
  });

  test('and whose answer is lost is emptied all the same', async () => {
    await start();
    world.sandbox.faults.add({ do: 'lose-answer', on: 'update', next: 1 });
    await eraseKari();
    await world.drain();
    expect(row()).toMatchObject({ ...EMPTY, ...PERSONAL });
  });

  test('is not taken for emptied when its neighbour in the request was refused', async () => {
    await start();
    const other = { relatedCustomerCrmId: 'C-1', name: 'Ola Dunk', emailAddress: 'ola@example.no', phoneNumber: '' };
    await world.send(contactEvent('P-2', other));
    await world.drain();
    world.advance(10_000);
    world.sandbox.faults.add({ do: 'row-error', on: 'update', nameContains: 'Refused' });
    await world.send(
      contactEvent('P-2', { ...other, name: 'Refused Dunk' }, { version: 2 }),
      deletedEvent('contact', 'P-1', { version: 2 }),
    );
    await world.drain();
    expect(await world.failures()).toMatchObject([{ ref: contact('P-2') }]);
    expect(row()).toMatchObject({ ...EMPTY, ...PERSONAL });
  });

  test('keeps an organisation number that is one, and another program’s id', async () => {
    await start();
    world.sandbox.edit(8, { companyNo: '974760673', externalId: 'other:1' });
    await eraseKari();
    expect(row()).toMatchObject({ title: '', companyNo: '974760673', externalId: 'other:1' });
  });

  test('loses its link and its id alone when the person is a supplier too', async () => {
    await start();
    world.sandbox.edit(8, { supplierNo: 50_001 });
    await eraseKari();
    expect(row()).toMatchObject({
      name: 'Kari Nordmann',
      fax: KEPT_BY_HAND.fax,
      contactForAssociateNo: 0,
      externalId: '',
    });
  });
});

test('no operation asks for such a column', async () => {
  await start();
  const columns = await world.engine.erp.schema();
  const names = columns.neverRead.map(({ column }) => column);
  expect(names).toEqual(['title', 'fax', 'yourReference', 'information2', 'information3']);
  const documents = [readDocument(columns, 'x'), probeDocument(columns), updateDocument(columns)];
  for (const name of names) expect(documents.join()).not.toMatch(new RegExp(`\\b${name}\\b`));
});

test.each([
  ['Inf99', 'no such column'],
  ['externalId', 'the program knows this column already'],
  ['CreUsr', 'cannot be written'],
])('NXT_PERSONAL_COLUMNS=%s stops the flow as a configuration problem: %s', async (name, problem) => {
  world = await startWorld({ settings: { NXT_PERSONAL_COLUMNS: name } });
  await expect(world.engine.erp.schema()).rejects.toMatchObject({
    code: 'erp.schema',
    details: { detail: expect.stringContaining(`${name} (NXT_PERSONAL_COLUMNS): ${problem}`) as unknown },
  });
});
