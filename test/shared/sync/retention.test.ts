import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DUE } from '../../../shared/store/index.ts';
import { createReceipts } from '../../../shared/rights/receipts.ts';
import { restrict } from '../../../shared/rights/restrict.ts';
import { acceptChanges, applyChange, sweep } from '../../../shared/sync/index.ts';
import { contact, customer, startWorld, type World } from '../../kit/world.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';

const DAY_MS = 86_400_000;
const HASH_KEY = Buffer.alloc(32, 7).toString('base64');

let world: World;
beforeEach(async () => {
  // With a key of the day's, a hash would hold the letters of an id once in some thousand runs.
  world = await startWorld({ settings: { HASH_KEY } });
  await world.send(customerEvent('C-1'), contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
  await world.drain();
  world.advance(10_000);
  await world.send(deletedEvent('contact', 'P-1', { version: 2 }));
  await world.drain();
});
afterEach(() => world.stop());

const daily = () => world.lines.filter((line) => line.includes('"event":"retention"'));

describe('retention in the sweep', () => {
  it('runs once a day', async () => {
    await sweep(world.sync);
    await sweep(world.sync);
    expect(daily()).toHaveLength(1);
    world.advance(DAY_MS + 1);
    await sweep(world.sync);
    expect(daily()).toHaveLength(2);
  });

  it('forgets a deleted record when its time is over, not before', async () => {
    world.advance(29 * DAY_MS);
    await sweep(world.sync);
    expect(await world.state(contact('P-1'))).toBeDefined();
    world.advance(2 * DAY_MS);
    await sweep(world.sync);
    expect(await world.state(contact('P-1'))).toBeUndefined();
  });

  it('keeps what is known of a record that came back and waits', async () => {
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1', name: '' }, { version: 3 }));
    await world.drain();
    expect(await world.failures()).toHaveLength(1);
    world.advance(31 * DAY_MS);
    await sweep(world.sync);
    expect(await world.state(contact('P-1'))).toBeDefined();
  });

  it('begins again with the next sweep when it could not be done', async () => {
    const audit = { ...world.sync.audit, forget: () => Promise.reject(new Error('storage away')) };
    await expect(sweep({ ...world.sync, audit })).rejects.toThrow('storage away');
    await sweep(world.sync);
    expect(daily()).toHaveLength(1);
  });
});

const rowKeys = async () => (await world.rows()).map(({ rowKey }) => String(rowKey));
const waits = async () => (await rowKeys()).filter((key) => /^(wait|refused)\|/.test(key));
const later = (days: number) => world.advance(days * DAY_MS);

describe('after a deleted record was forgotten', () => {
  beforeEach(async () => {
    later(31);
    await sweep(world.sync);
    expect(await world.state(contact('P-1'))).toBeUndefined();
  });
  const isBack = () => world.sandbox.rows().some(({ name }) => name === 'Kari Nordmann');

  it.each([
    ['an older update', 1],
    ['another update of the same moment', 2],
  ])('%s, sent again, does not bring the person back', async (_, version) => {
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }, { version, id: 'again' }));
    await world.drain();
    expect(isBack()).toBe(false);
    expect(await waits()).toEqual([]);
    expect(JSON.stringify(await world.rows())).not.toContain('Nordmann');
  });

  it('a newer one does', async () => {
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }, { version: 3 }));
    await world.drain();
    expect(isBack()).toBe(true);
  });

  it('what stays for a year names nobody', async () => {
    const tombstones = async () => (await world.rows()).filter((row) => row['partitionKey'] === 'tombstones');
    expect(await tombstones()).toHaveLength(1);
    expect(JSON.stringify(await tombstones())).not.toContain('P-1');
    later(366);
    await sweep(world.sync);
    expect(await tombstones()).toEqual([]);
  });
});

it('a merged record goes with the one that it became, and not before', async () => {
  await world.send(
    contactEvent('P-3', { relatedCustomerCrmId: 'C-1', name: 'Ola Dunk', emailAddress: 'o@example.no' }),
  );
  await world.drain();
  world.advance(10_000);
  const merged = { id: 'm', type: 'contact.merged', occurredAt: '2026-11-02T08:00:00Z', version: 2 };
  await world.send({ ...merged, data: { crmId: 'P-2', mergedIntoCrmId: 'P-3' } });
  await world.drain();
  later(31);
  await sweep(world.sync);
  expect((await world.state(contact('P-2')))?.mergedInto).toBe('P-3');
  await world.send(deletedEvent('contact', 'P-3', { version: 2 }));
  await world.drain();
  later(31);
  await sweep(world.sync);
  expect(await rowKeys()).not.toContain('state|contact|P-3');
  later(2);
  await sweep(world.sync);
  expect(await rowKeys()).not.toContain('state|contact|P-2');
});

describe('the note that a contact waits for its customer', () => {
  const waiting = (version: number, more: object = {}) =>
    contactEvent('P-9', { relatedCustomerCrmId: 'C-later', ...more }, { version });
  beforeEach(async () => {
    await world.send(waiting(1));
    await world.apply(contact('P-9'));
    expect(await waits()).toEqual(['wait|C-later|P-9']);
  });

  it('stays while it waits', async () => {
    await world.send(waiting(2, { name: 'Kari N' }));
    await sweep(world.sync);
    expect(await waits()).toEqual(['wait|C-later|P-9']);
  });

  it.each([
    ['a move to another customer', () => waiting(2, { relatedCustomerCrmId: 'C-1' })],
    ['a move away from every customer', () => waiting(2, { relatedCustomerCrmId: null })],
    ['its deletion', () => deletedEvent('contact', 'P-9', { version: 2 })],
    ['a merge', () => ({ ...waiting(2), type: 'contact.merged', data: { crmId: 'P-9', mergedIntoCrmId: 'P-8' } })],
  ])('goes with %s, at once', async (_, event) => {
    await world.send(event());
    expect(await waits()).toEqual([]);
  });

  it('goes when the customer that it waits for became another', async () => {
    const merged = { id: 'm', type: 'customer.merged', occurredAt: '2026-11-02T08:00:00Z', version: 2 };
    await world.send({ ...merged, data: { crmId: 'C-later', mergedIntoCrmId: 'C-other' } });
    await world.apply(customer('C-later'));
    await world.apply(contact('P-9'));
    expect(await waits()).toContain('wait|C-other|P-9');
    await world.send(deletedEvent('contact', 'P-9', { version: 2 }));
    expect(await waits()).toEqual([]);
  });

  it('goes within a day when the contact waits no more for another reason', async () => {
    const pending = await world.sync.ledger.readPending(contact('P-9'));
    if (!pending) throw new Error('nothing pending');
    await world.sync.ledger.removePending(pending);
    await sweep(world.sync);
    expect(await waits()).toEqual([]);
  });

  it('goes when the values that waited were deleted', async () => {
    later(31);
    await sweep(world.sync);
    later(2);
    await sweep(world.sync);
    expect(await waits()).toEqual([]);
  });

  it('is there again for an event that came while it was removed', async () => {
    const { ledger } = world.sync;
    const pending = await ledger.readPending(contact('P-9'));
    if (!pending) throw new Error('nothing pending');
    await ledger.removePending(pending);
    const removeWait: typeof ledger.removeWait = async (...pair) => {
      await world.send(waiting(2));
      await world.apply(contact('P-9'));
      await ledger.removeWait(...pair);
    };
    await sweep({ ...world.sync, ledger: { ...ledger, removeWait } });
    expect(await waits()).toEqual(['wait|C-later|P-9']);
  });
});

it('the note of a refusal goes when what was refused is done', async () => {
  await world.sync.ledger.insertRefused(customer('C-1'), customer('C-2'));
  await world.send(customerEvent('C-3', { companyName: '' }));
  await world.drain();
  await world.sync.ledger.insertRefused(customer('C-1'), customer('C-3'));
  await sweep(world.sync);
  expect(await waits()).toEqual(['refused|customer|C-1|customer|C-3']);
});

describe('what has no values never expires before it is done', () => {
  it.each(['delete', 'erase'] as const)('an order to %s, held for months', async (op) => {
    await world.send(contactEvent('P-5', { relatedCustomerCrmId: 'C-1', name: 'Ola Dunk', emailAddress: 'o@x.no' }));
    await world.drain();
    world.advance(10_000);
    const held = { ...world.sync, mayDelete: async () => false };
    if (op === 'delete') {
      await world.send(deletedEvent('contact', 'P-5', { version: 9 }));
      await applyChange(held, contact('P-5'));
      expect(await world.failures()).toMatchObject([{ code: 'deletes.held' }]);
    } else {
      const key = { version: null, occurredAt: '2026-11-21T09:00:00Z', eventId: 'erase' };
      const plan = await world.instance({ SYNC_MODE: 'plan' });
      await acceptChanges(plan, [{ ref: contact('P-5'), key, body: { op, kind: 'contact' }, warnings: [] }], 't');
      await applyChange(plan, contact('P-5'));
    }
    later(200);
    await sweep(held);
    later(2);
    const pending = await world.sync.ledger.readPending(contact('P-5'));
    if (!pending) throw new Error('it expired');
    expect(pending.row.expired).toBe(false);
    await world.sync.ledger.movePending(pending, { ...DUE, released: true });
    await world.drain();
    expect(JSON.stringify(world.sandbox.rows())).not.toContain('Dunk');
  });
});

it('receipts and audit are kept for a year', async () => {
  const request = { requester: 'person', reference: '', by: 'dpo' } as const;
  const receipts = createReceipts(world.engine.control, () => world.now());
  await restrict(world.sync, receipts, contact('P-1'), request);
  later(364);
  await sweep(world.sync);
  expect(await receipts.list()).toHaveLength(1);
  later(2);
  await sweep(world.sync);
  expect(await receipts.list()).toEqual([]);
});
