import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { erase, finishErasure, undoErasure } from '../../../shared/rights/erase.ts';
import { createReceipts, type Receipts } from '../../../shared/rights/receipts.ts';
import { sweep } from '../../../shared/sync/index.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { contact, startWorld, type World } from '../../kit/world.ts';
import { replay } from '../../../shared/sync/operate/replay.ts';

const REQUEST = { requester: 'person', reference: 'SAK-7', by: 'dpo' } as const;
/** Values by which Kari could be told; none of them may be left anywhere but in the CRM. */
const TRACES = /Nordmann|kari@example|92099720|920 99 720/i;

let world: World;
let receipts: Receipts;
beforeEach(async () => {
  world = await startWorld();
  receipts = createReceipts(world.engine.control, () => world.now());
  await world.send(customerEvent('C-1'));
  await world.drain();
});
afterEach(() => world.stop());

let version = 0;
const kari = (more: object = {}, crmId = 'P-1') =>
  contactEvent(crmId, { relatedCustomerCrmId: 'C-1', ...more }, { version: (version += 1) });
const eraseKari = () => erase(world.sync, receipts, { by: 'record', ref: contact('P-1') }, REQUEST);
const linked = async () => {
  await world.send(kari());
  await world.drain();
  world.advance(10_000);
};
const isGone = async (): Promise<void> => {
  await world.drain();
  expect(JSON.stringify(await world.rows())).not.toMatch(TRACES);
  expect(JSON.stringify(world.sandbox.rows())).not.toMatch(TRACES);
  expect((await world.messages('changes')).join() + (await world.messages('changesPoison')).join()).not.toMatch(TRACES);
  expect(await world.failures()).toEqual([]);
};

describe('a person is erased', () => {
  test('in sync: the row in the ERP is emptied, and the receipt says so', async () => {
    await linked();
    const { receipt, underWay } = await eraseKari();
    expect(underWay).toEqual([]);
    expect(receipt).toMatchObject({
      right: 'erasure',
      records: ['contact:P-1'],
      done: { records: 1, suppressionEntries: 3, underWay: 0 },
      reference: 'SAK-7',
    });
    expect(receipt.endedAt).not.toBe('');
    await isGone();
  });

  test('pending, before anything reached the ERP', async () => {
    await world.send(kari());
    await eraseKari();
    await isGone();
  });

  test('pending, on top of a row in the ERP', async () => {
    await linked();
    await world.send(kari({ name: 'Kari Nordmann Berg' }));
    await eraseKari();
    await isGone();
  });

  test('waiting for the customer: nothing of the wait is left', async () => {
    await world.send(kari({ relatedCustomerCrmId: 'C-later' }));
    await world.apply(contact('P-1'));
    await eraseKari();
    await world.send(customerEvent('C-later', { organizationNumber: '' }));
    await isGone();
    expect(JSON.stringify(await world.rows())).not.toContain('wait|');
  });

  test('failed, listed and in poison', async () => {
    await world.send(kari({ relatedCustomerActorNumber: 999_999 }));
    await world.drain();
    expect(await world.failures()).toHaveLength(1);
    await eraseKari();
    await isGone();
  });

  test('under replay', async () => {
    await world.send(kari({ relatedCustomerActorNumber: 999_999 }));
    await world.drain();
    const options = { dryRun: false, cap: 10, release: false, pace: async () => undefined };
    await replay(world.sync, { refs: [contact('P-1')] }, options);
    await eraseKari();
    await isGone();
  });

  test('planned, in plan mode: the values go at once, the row as soon as it may be written', async () => {
    await linked();
    const plan = await world.instance({ SYNC_MODE: 'plan' });
    await world.send(kari({ name: 'Kari Nordmann Berg' }));
    const { underWay } = await erase(plan, receipts, { by: 'record', ref: contact('P-1') }, REQUEST);
    expect(JSON.stringify(await world.rows())).not.toMatch(TRACES);
    expect(underWay).toEqual([contact('P-1')]);
    const [receipt] = await receipts.list();
    if (!receipt) throw new Error('no receipt');
    expect((await finishErasure(world.sync, receipts, receipt)).underWay).toEqual([]);
    await isGone();
  });

  test('while another instance works on it', async () => {
    await world.send(kari());
    const other = await world.instance();
    const applying = world.apply(contact('P-1'));
    await erase(other, receipts, { by: 'record', ref: contact('P-1') }, REQUEST);
    await applying;
    await isGone();
  });

  // What is never read is emptied again: accounting may have been there, and nothing tells.
  test('twice: the second time leaves the row as the first did', async () => {
    await linked();
    await eraseKari();
    world.advance(10_000);
    const values = () =>
      JSON.stringify(world.sandbox.rows(), (key, value: unknown) => (/^changed/.test(key) ? 0 : value));
    const before = values();
    expect((await eraseKari()).underWay).toEqual([]);
    expect(values()).toBe(before);
  });

  test('again, after the first was killed between the order and the ERP', async () => {
    await linked();
    const killed = { ...world.sync, flow: { ...world.sync.flow, status: () => Promise.reject(new Error('killed')) } };
    await expect(erase(killed, receipts, { by: 'record', ref: contact('P-1') }, REQUEST)).rejects.toThrow('killed');
    expect((await receipts.list())[0]?.endedAt).toBe('');
    expect((await eraseKari()).underWay).toEqual([]);
    await isGone();
  });
});

describe('an erased person stays away', () => {
  beforeEach(async () => {
    await linked();
    await eraseKari();
  });

  test.each([
    ['the same record again', () => kari()],
    ['another record with the same address', () => kari({}, 'P-2')],
    ['another record with the same number', () => kari({ emailAddress: '', name: 'K N' }, 'P-3')],
  ])('%s is suppressed', async (_, event) => {
    expect((await world.send(event()))[0]?.status).toBe('suppressed');
    await isGone();
  });

  test('a record that is merged into the erased one goes too', async () => {
    await world.send(kari({ name: 'Ola Dunk', emailAddress: 'ola@example.no', phoneNumber: '' }, 'P-4'));
    await world.drain();
    world.advance(10_000);
    const merged = { ...kari({}, 'P-4'), type: 'contact.merged', data: { crmId: 'P-4', mergedIntoCrmId: 'P-1' } };
    await world.send(merged);
    await world.drain();
    expect(JSON.stringify(world.sandbox.rows())).not.toMatch(/Dunk|ola@example/);
  });

  test('until the erasure is undone, however long ago it was', async () => {
    world.advance(31 * 86_400_000);
    await sweep(world.sync);
    await undoErasure(world.sync, receipts, contact('P-1'), REQUEST);
    await world.send(kari());
    await world.drain();
    expect(world.sandbox.rows().filter(({ name }) => name === 'Kari Nordmann')).toHaveLength(1);
  });

  test('until the erasure is undone', async () => {
    const { lifted } = await undoErasure(world.sync, receipts, contact('P-1'), REQUEST);
    expect(lifted).toBe(3);
    expect((await world.send(kari()))[0]?.status).toBe('queued');
    await world.drain();
    expect(world.sandbox.rows().filter(({ name }) => name === 'Kari Nordmann')).toHaveLength(1);
  });
});

describe('who is erased', () => {
  test.each([
    ['e-mail', { by: 'email', text: 'KARI@example.no' }],
    ['phone', { by: 'phone', text: '92099720' }],
  ] as const)('is found by %s, in whatever spelling', async (_, query) => {
    await linked();
    const { receipt } = await erase(world.sync, receipts, query, REQUEST);
    expect(receipt.records).toEqual(['contact:P-1']);
    await isGone();
  });

  test('an address that others have too does not keep them away', async () => {
    await world.send(
      kari({ emailAddress: 'post@example.no' }),
      kari({ name: 'Ola Dunk', emailAddress: 'post@example.no', phoneNumber: '' }, 'P-5'),
    );
    await world.drain();
    world.advance(10_000);
    const { receipt } = await eraseKari();
    expect(receipt.done['sharedAddressesLeftOut']).toBe(1);
    expect(
      (await world.send(kari({ name: 'Ola Dunk', emailAddress: 'post@example.no', phoneNumber: '' }, 'P-5')))[0]
        ?.status,
    ).toBe('queued');
  });
});
