import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contact, startWorld, type World } from '../../kit/world.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
  await world.send(customerEvent('C-1'));
  await world.drain();
});
afterEach(() => world.stop());

const kari = (crmId: string, more: object = {}) => contactEvent(crmId, { relatedCustomerCrmId: 'C-1', ...more });
const suppress = (...keys: readonly (readonly ['id' | 'email' | 'phone', string])[]) =>
  world.sync.suppressions.add(
    keys.map(([by, text]) => ({ by, text })),
    'receipt-1',
  );
const statusOf = async (event: object) => (await world.send(event))[0]?.status;
const contacts = () => world.sandbox.rows().filter((row) => row.contactForAssociateNo !== 0);

describe('a person who was erased', () => {
  test.each([
    ['the id', ['id', 'contact|PERSON-ONE']],
    ['the e-mail address', ['email', 'kari@example.no']],
    ['the phone number', ['phone', '+4792099720']],
  ] as const)('is not taken in again, recognised by %s; nothing of the event is stored', async (_, key) => {
    await suppress(key);
    expect(await statusOf(kari('PERSON-ONE'))).toBe('suppressed');
    expect(await world.pending()).toEqual([]);
    expect(JSON.stringify(await world.rows())).not.toMatch(/kari nordmann|kari@example|92099720|PERSON-ONE/i);
  });

  test('is recognised in another spelling of the address, and under another id', async () => {
    await suppress(['email', 'kari@example.no']);
    expect(await statusOf(kari('P-9', { emailAddress: 'mailto:KARI@Example.NO' }))).toBe('suppressed');
  });

  test('does not stand for others, nor for a customer with the same id', async () => {
    await suppress(['id', 'contact|C-1'], ['email', 'kari@example.no']);
    expect(
      await statusOf(
        contactEvent('P-2', { relatedCustomerCrmId: 'C-1', emailAddress: 'ola@example.no', phoneNumber: '' }),
      ),
    ).toBe('queued');
    expect(await statusOf(customerEvent('C-1', {}, { version: 9 }))).toBe('queued');
  });

  test('is not created by a change that was on its way, whatever this process knew of the list', async () => {
    await world.send(kari('PERSON-ONE'));
    await suppress(['phone', '+4792099720']);
    await world.apply(contact('PERSON-ONE'));
    expect(contacts()).toEqual([]);
    expect(await world.pending()).toEqual([]);
  });

  test('comes back when the entry is lifted, by any of its keys', async () => {
    await suppress(['id', 'contact|PERSON-ONE'], ['email', 'kari@example.no'], ['phone', '+4792099720']);
    expect(await world.sync.suppressions.lift([{ by: 'id', text: 'contact|PERSON-ONE' }])).toBe(3);
    expect(await statusOf(kari('PERSON-ONE'))).toBe('queued');
  });

  test('is on the list by keyed hashes alone', async () => {
    await suppress(['email', 'kari@example.no']);
    expect(JSON.stringify(await world.rows())).not.toContain('kari@example');
    expect(await world.sync.suppressions.count()).toBe(1);
  });
});
