import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accessPage, createRights, receiptText, type Rights } from '../../../shared/rights/index.ts';
import { CONTACT_FIELDS } from '../../../shared/record/index.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { contact, startWorld, type World } from '../../kit/world.ts';

const REQUEST = { requester: 'person', reference: 'SAK-9' } as const;
const ACTOR = { by: 'dpo', reason: '' };

let world: World;
let rights: Rights;
beforeEach(async () => {
  world = await startWorld();
  rights = createRights(world.sync, world.engine.control);
  await world.send(
    customerEvent('C-1'),
    contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }),
    contactEvent('P-2', {
      relatedCustomerCrmId: 'C-1',
      name: 'Ola Dunk',
      emailAddress: 'ola@example.no',
      phoneNumber: '22 33 44 55',
    }),
  );
  await world.drain();
  world.advance(10_000);
});
afterEach(() => world.stop());

describe('access', () => {
  test.each([
    ['record', { by: 'record', ref: contact('P-1') }],
    ['e-mail', { by: 'email', text: 'Kari@Example.no' }],
    ['phone', { by: 'phone', text: '92 09 97 20' }],
    ['name and customer', { by: 'name', text: 'kari nordmann', customer: { crmId: null, associateNo: 1 } }],
  ] as const)('by %s gives everything about the person, and nothing about others', async (_, given) => {
    const customerNo = world.sandbox.rows().find(({ customerNo: no }) => no !== 0)?.associateNo ?? 0;
    const query =
      given.by === 'name' ? { ...given, customer: { crmId: null, associateNo: customerNo as never } } : given;
    // A newer change waits: its values are held here too.
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1', phoneNumber: '92 00 00 00' }, { version: 2 }));
    const { answer, receipt } = await rights.access(query, REQUEST, ACTOR);
    expect(answer.heldHere).toHaveLength(1);
    expect(answer.heldHere[0]).toMatchObject({
      record: 'contact:P-1',
      pending: { values: { name: 'Kari Nordmann', phoneNumber: '+4792000000' } },
    });
    expect(answer.heldInErp).toEqual([
      expect.objectContaining({
        name: 'Kari Nordmann',
        phoneNumber: '+4792099720',
        relatedCustomerActorNumber: customerNo,
      }),
    ]);
    const personal = CONTACT_FIELDS.filter((field) => field.personal).map(({ name }) => name);
    expect(Object.keys(answer.heldInErp[0] ?? {})).toEqual(expect.arrayContaining(personal));
    const sent = ['name', 'emailAddress', 'phoneNumber', 'relatedCustomerCrmId'];
    expect(Object.keys(answer.heldHere[0]?.pending?.values ?? {}).sort()).toEqual(sent.sort());
    expect(JSON.stringify(answer)).not.toMatch(/Dunk|ola@|22334455|Port-Service/);
    expect(receipt).toMatchObject({ right: 'access', records: ['contact:P-1'], done: { recordsHeldHere: 1 } });
  });

  test('leaves no value behind: neither in the receipt nor in the audit list', async () => {
    await rights.access({ by: 'email', text: 'kari@example.no' }, REQUEST, ACTOR);
    expect(JSON.stringify(await rights.receipts()) + JSON.stringify(await world.sync.audit.list(10))).not.toMatch(
      /kari|nordmann|92099720/i,
    );
  });

  test('of somebody nobody knows is empty', async () => {
    const { answer } = await rights.access({ by: 'email', text: 'nobody@example.no' }, REQUEST, ACTOR);
    expect(answer).toMatchObject({ heldHere: [], heldInErp: [] });
  });

  test('is printed in both languages, with markup in a name as text', async () => {
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1', name: '<b>Kari</b> & co' }, { version: 3 }));
    await world.drain();
    const { answer, receipt } = await rights.access({ by: 'record', ref: contact('P-1') }, REQUEST, ACTOR);
    for (const [language, title] of [
      ['nb', 'Innsyn i personopplysninger'],
      ['en', 'Access to personal data'],
    ] as const) {
      const page = await accessPage(answer, language);
      expect(page).toContain(title);
      expect(page).toContain('&lt;b&gt;Kari&lt;/b&gt; &amp; co');
      expect(page).not.toContain('<b>Kari');
    }
    expect(receiptText(receipt, 'nb')).toContain('Svarfrist:');
    expect(receiptText(receipt, 'en')).toContain('SAK-9');
  });
});

describe('proof of a correction', () => {
  test('says on its way, then arrived, and differs once somebody edits the row in the ERP', async () => {
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1', name: 'Kari Berg' }, { version: 2 }));
    expect((await rights.proof(contact('P-1'))).stands).toBe('on-its-way');
    await world.drain();
    expect(await rights.proof(contact('P-1'))).toMatchObject({
      stands: 'in-sync',
      fields: { name: 'arrived', emailAddress: 'arrived', phoneNumber: 'arrived' },
    });
    const row = world.sandbox.rows().find(({ name }) => name === 'Kari Berg');
    world.sandbox.seed([{ ...row, name: 'Karoline Berg' }]);
    expect((await rights.proof(contact('P-1'))).fields['name']).toBe('differs');
  });
});

test('the report counts what is held and how old it is', async () => {
  expect(await rights.report()).toMatchObject({ withValues: 0, oldestValueAt: '', known: 3, openRequests: 0 });
  await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-none' }, { version: 2 }));
  await world.apply(contact('P-1'));
  await rights.object(contact('P-2'), REQUEST, ACTOR);
  expect(await rights.report()).toMatchObject({ withValues: 1, restricted: 1, openRequests: 1 });
});
