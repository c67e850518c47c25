import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DUE } from '../../../shared/store/index.ts';
import { unlink } from '../../../shared/sync/attempt/relink.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';
import { contact, customer, startWorld, type World } from '../../kit/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const merged = (kind: 'customer' | 'contact', crmId: string, mergedIntoCrmId: string, version = 5) => ({
  id: `evt-${crmId}-merged-${version}`,
  type: `${kind}.merged`,
  occurredAt: '2026-11-01T09:00:00.000Z',
  version,
  data: { crmId, mergedIntoCrmId },
});
const port = (crmId: string, version = 1, data: object = {}) => customerEvent(crmId, data, { version });
const person = (crmId: string, of: string, version = 1, data: object = {}) =>
  contactEvent(crmId, { relatedCustomerCrmId: of, ...data }, { version });
const failures = async () => (await world.failures()).map(({ ref, code, candidates }) => [ref.crmId, code, candidates]);
const linkOf = async (crmId: string) => (await world.state(customer(crmId)))?.associateNo ?? null;

/** Each event is looked at once, a minute apart; then all that is left. */
async function play(events: readonly object[], refs: readonly Parameters<World['apply']>[0][]): Promise<void> {
  for (const event of events) {
    await world.send(event);
    for (const ref of refs) await world.apply(ref);
    world.advance(60_000);
  }
  await world.drain();
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

describe('a customer that was merged', () => {
  it('gives its row to the one that stays; its next change goes there, its contacts belong to it', async () => {
    await play([port('A'), person('P', 'A')], [customer('A'), contact('P')]);
    const row = await linkOf('A');
    await play([merged('customer', 'A', 'B')], [customer('A')]);
    expect(await linkOf('A')).toBeNull();
    expect(await linkOf('B')).toBe(row);
    await play([port('B', 1, { city: 'Oslo' }), person('P', 'A', 2), person('Q', 'A')], [customer('B')]);
    expect(await failures()).toEqual([]);
    expect(world.sandbox.rows().filter(({ customerNo }) => customerNo !== 0)).toMatchObject([
      { associateNo: row, externalId: 'crm:customer:B', postalArea: 'Oslo' },
    ]);
    expect(await world.state(contact('Q'))).toMatchObject({ parentNo: row });
  });

  const events: Readonly<Record<string, object>> = {
    'A created': port('A'),
    'B created': port('B', 1, { city: 'Oslo' }),
    'A merged': merged('customer', 'A', 'B'),
    'P under A': person('P', 'A'),
  };
  it.each(permutations(Object.keys(events)).map((order) => [order.join(', '), order] as const))(
    'comes to one row for the two, whatever the order: %s',
    async (_, order) => {
      const refs = [customer('A'), customer('B'), contact('P')];
      await play(
        order.map((name) => events[name] ?? {}),
        refs,
      );
      expect(await failures()).toEqual([]);
      const customers = world.sandbox.rows().filter(({ customerNo }) => customerNo !== 0);
      expect(customers).toMatchObject([{ postalArea: 'Oslo', externalId: 'crm:customer:B' }]);
      expect(await linkOf('A')).toBeNull();
      expect((await world.state(contact('P')))?.parentNo).toBe(await linkOf('B'));
    },
  );

  it('before it had a row gets none, also when its own event comes late', async () => {
    await play([merged('customer', 'A', 'B'), port('A')], [customer('A')]);
    expect(world.sandbox.rows()).toEqual([]);
    expect(await failures()).toEqual([]);
  });

  it('and has a row, as has the one that stays, is listed with both; a person gives one up', async () => {
    await play([port('A'), port('B', 1, { organizationNumber: '974760673', companyName: 'B AS' })], [customer('A')]);
    const [a, b] = [await linkOf('A'), await linkOf('B')];
    await play([merged('customer', 'A', 'B')], [customer('A')]);
    expect(await failures()).toEqual([['A', 'match.conflict', [a, b]]]);
    await unlink(world.sync, customer('A'));
    const { pending } = await world.sync.ledger.read(customer('A'));
    if (pending) await world.sync.ledger.movePending(pending, DUE);
    await world.drain();
    expect(await failures()).toEqual([]);
    expect([await linkOf('A'), await linkOf('B')]).toEqual([null, b]);
    expect(world.sandbox.rows()).toHaveLength(2);
  });

  it('comes twice, and again with a newer key: nothing more happens', async () => {
    const once = merged('customer', 'A', 'B');
    await play([port('A'), once, once, merged('customer', 'A', 'B', 6)], [customer('A')]);
    expect(await failures()).toEqual([]);
    expect(world.sandbox.rows()).toHaveLength(1);
  });

  it('and deleted afterwards leaves the row alone', async () => {
    await play(
      [port('A'), merged('customer', 'A', 'B'), deletedEvent('customer', 'A', { version: 6 })],
      [customer('A')],
    );
    expect(await linkOf('B')).not.toBeNull();
    await play([port('B', 1, { city: 'Oslo' })], [customer('B')]);
    expect(world.sandbox.rows()).toMatchObject([{ postalArea: 'Oslo' }]);
  });

  it('and changed afterwards is listed: no second row is made', async () => {
    await play([port('A'), merged('customer', 'A', 'B'), port('A', 6, { city: 'Oslo' })], [customer('A')]);
    expect(await failures()).toEqual([['A', 'record.merged', []]]);
    expect(world.sandbox.rows()).toHaveLength(1);
  });

  it('into one that was merged itself means the last; a circle is listed', async () => {
    await play([port('A'), merged('customer', 'B', 'C'), merged('customer', 'A', 'B')], [customer('B'), customer('A')]);
    expect(await linkOf('C')).not.toBeNull();
    await play([merged('customer', 'C', 'A')], [customer('C')]);
    expect(await failures()).toEqual([['C', 'match.conflict', []]]);
    expect(world.sandbox.rows()).toHaveLength(1);
  });

  it('while the other is being worked on waits for it', async () => {
    await play([port('A')], [customer('A')]);
    await world.send(port('B', 1, { city: 'Oslo' }), merged('customer', 'A', 'B'));
    await Promise.all([world.apply(customer('A')), world.apply(customer('B'))]);
    await world.drain();
    expect(await failures()).toEqual([]);
    expect(world.sandbox.rows()).toMatchObject([{ postalArea: 'Oslo' }]);
  });
});

describe('a contact that was merged', () => {
  it('gives its row to the one that stays', async () => {
    await play([port('A'), person('P', 'A')], [customer('A'), contact('P')]);
    const row = (await world.state(contact('P')))?.associateNo;
    await play([merged('contact', 'P', 'Q'), person('Q', 'A', 1, { name: 'Kari Dal' })], [contact('P'), contact('Q')]);
    expect(await failures()).toEqual([]);
    expect(await world.state(contact('Q'))).toMatchObject({ associateNo: row });
    expect(world.sandbox.rows().find(({ associateNo }) => associateNo === row)).toMatchObject({ name: 'Kari Dal' });
    expect(world.sandbox.rows()).toHaveLength(2);
  });
});
