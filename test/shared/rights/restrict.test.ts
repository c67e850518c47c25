import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { erase } from '../../../shared/rights/erase.ts';
import { createReceipts, type Receipts } from '../../../shared/rights/receipts.ts';
import { decideObjection, restrict, unrestrict } from '../../../shared/rights/restrict.ts';
import { sweep } from '../../../shared/sync/index.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';
import { contact, startWorld, type World } from '../../kit/world.ts';
import { replay } from '../../../shared/sync/operate/replay.ts';

const REQUEST = { requester: 'person', reference: 'SAK-8', by: 'dpo' } as const;
const P1 = contact('P-1');
const DAY_MS = 86_400_000;

let world: World;
let receipts: Receipts;
let version = 0;
beforeEach(async () => {
  world = await startWorld();
  receipts = createReceipts(world.engine.control, () => world.now());
  await world.send(customerEvent('C-1'), kari());
  await world.drain();
  world.advance(10_000);
});
afterEach(() => world.stop());

const kari = (more: object = {}) =>
  contactEvent('P-1', { relatedCustomerCrmId: 'C-1', ...more }, { version: (version += 1) });
const nameInErp = () => world.sandbox.rows().find(({ contactForAssociateNo }) => contactForAssociateNo !== 0)?.name;

describe('a restricted person', () => {
  test.each([
    ['a new change', () => kari({ name: 'Kari Ny' })],
    ['a deletion', () => deletedEvent('contact', 'P-1', { version: (version += 1) })],
  ])('%s is kept and not carried out, also by the sweep', async (_, event) => {
    await restrict(world.sync, receipts, P1, REQUEST);
    expect((await world.send(event()))[0]?.status).toBe('queued');
    expect((await world.apply(P1)).outcome).toBe('restricted');
    await sweep(world.sync);
    expect((await world.apply(P1)).outcome).toBe('restricted');
    expect(nameInErp()).toBe('Kari Nordmann');
    expect(await world.failures()).toEqual([]);
  });

  test('a change that was pending, or failed and is replayed, is held too', async () => {
    await world.send(kari({ relatedCustomerActorNumber: 999_999, name: 'Kari Ny' }));
    await world.drain();
    await restrict(world.sync, receipts, P1, REQUEST);
    const options = { dryRun: false, cap: 10, release: false, pace: async () => undefined };
    await replay(world.sync, { refs: [P1] }, options);
    expect((await world.apply(P1)).outcome).toBe('restricted');
    expect(nameInErp()).toBe('Kari Nordmann');
  });

  test('what is held does not expire', async () => {
    await restrict(world.sync, receipts, P1, REQUEST);
    await world.send(kari({ relatedCustomerCrmId: 'C-none' }));
    await world.apply(P1);
    world.advance(40 * DAY_MS);
    await sweep(world.sync);
    expect((await world.sync.ledger.read(P1)).pending?.row.body).toContain('Kari');
  });

  test('afterwards the held change is applied, or dropped, as chosen', async () => {
    for (const [held, name] of [
      ['drop', 'Kari Nordmann'],
      ['apply', 'Kari Ny'],
    ] as const) {
      await restrict(world.sync, receipts, P1, REQUEST);
      await world.send(kari({ name: 'Kari Ny' }));
      await world.apply(P1);
      const receipt = await unrestrict(world.sync, receipts, P1, held, REQUEST);
      expect(receipt.done).toMatchObject({ lifted: 1, [held === 'drop' ? 'changesDropped' : 'changesApplied']: 1 });
      await world.drain();
      expect(nameInErp()).toBe(name);
    }
  });

  test('can be erased all the same', async () => {
    await restrict(world.sync, receipts, P1, REQUEST);
    await erase(world.sync, receipts, { by: 'record', ref: P1 }, REQUEST);
    await world.drain();
    expect(nameInErp()).toBeUndefined();
  });

  test('twice is once, and nobody else is held', async () => {
    await restrict(world.sync, receipts, P1, REQUEST);
    expect((await restrict(world.sync, receipts, P1, REQUEST)).done).toEqual({ wasRestrictedAlready: 1 });
    await world.send(contactEvent('P-2', { relatedCustomerCrmId: 'C-1', name: 'Ola Dunk', emailAddress: '' }));
    expect((await world.apply(contact('P-2'))).outcome).toBe('created');
  });
});

describe('an objection', () => {
  test('restricts until it is decided, within one month', async () => {
    const receipt = await restrict(world.sync, receipts, P1, REQUEST, 'objection');
    expect(receipt).toMatchObject({ right: 'objection', endedAt: '', decision: '' });
    expect(receipt.deadline.slice(0, 10)).toBe('2026-12-21');
    await world.send(kari({ name: 'Kari Ny' }));
    await world.apply(P1);

    await decideObjection(world.sync, receipts, receipt.id, 'rejected', REQUEST);
    await world.drain();
    expect(nameInErp()).toBe('Kari Ny');
    expect(await receipts.read(receipt.id)).toMatchObject({ decision: 'rejected' });
  });

  test('granted: the restriction stays', async () => {
    const receipt = await restrict(world.sync, receipts, P1, REQUEST, 'objection');
    await decideObjection(world.sync, receipts, receipt.id, 'granted', REQUEST);
    await world.send(kari({ name: 'Kari Ny' }));
    expect((await world.apply(P1)).outcome).toBe('restricted');
  });
});
