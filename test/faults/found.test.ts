import { afterEach, describe, expect, it } from 'vitest';
import type { RecordRef } from '../../shared/record/index.ts';
import { emptyState } from '../../shared/store/index.ts';
import { applyChange } from '../../shared/sync/index.ts';
import { check } from './check.ts';
import { Life } from './killable.ts';
import { seededRandom } from './seeded-random.ts';
import { play } from './small-history.ts';
import { EventFactory } from './scenarios.ts';
import { SmallWorld } from './small-world.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 21, 7);

/** Histories in which something once went wrong. */
describe('what a campaign has found', () => {
  let world: SmallWorld;
  afterEach(() => world.stop());

  it('a customer that is linked by its deletion wakes the contacts that wait for it', async () => {
    world = new SmallWorld({ random: seededRandom(3), engines: 2 });
    const factory = new EventFactory(START);
    await sent(world, factory.contact('P-1', 'C-1'));
    world.erp.lost = 1;
    world.erp.lands = 'always';
    await sent(world, factory.customer('C-1'));
    await world.time.pass(20_000, () => world.erp.rows.size > 0);
    world.erp.lost = 0;
    await sent(world, factory.deleted('customer', 'C-1'));
    await world.time.pass(4 * MINUTE);
    const expected = { events: factory.events, twins: [], deletionMark: 'Slettet i CRM' };
    expect(check(expected, await world.endState()), world.trace()).toEqual([]);
    expect([...world.erp.rows.values()].map(({ contactFor }) => contactFor)).toEqual([0, 1]);
  });

  it('an update that landed unheard is written over by one that brings the old value back', async () => {
    world = new SmallWorld({ random: seededRandom(3), engines: 2 });
    const factory = new EventFactory(START);
    await sent(world, factory.customer('C-1', 'Gammel'));
    await world.time.pass(MINUTE);
    world.erp.lost = 1;
    world.erp.lands = 'always';
    await sent(world, factory.customer('C-1', 'Ny'));
    await world.time.pass(20_000, () => world.erp.rows.get(1)?.name.reveal() === 'Ny');
    await sent(world, factory.customer('C-1', 'Gammel'));
    world.erp.lost = 0;
    await world.time.pass(4 * MINUTE);
    expect(world.erp.rows.get(1)?.name.reveal(), world.trace()).toBe('Gammel');
  });

  it('a contact that waits for its customer is not listed for what an older state failed with', async () => {
    const step = { value: 0, late: 0, isRepeated: true } as const;
    const played = await play({
      seed: 0,
      steps: [
        { ...step, kind: 'customer', record: 1, op: 'upsert', customer: 0, after: 0 },
        { ...step, kind: 'contact', record: 0, op: 'bad', customer: 1, after: 0 },
        { ...step, kind: 'customer', record: 0, op: 'upsert', customer: 0, after: 0, isRepeated: false },
        { ...step, kind: 'contact', record: 0, op: 'upsert', customer: 0, after: 7, isRepeated: false },
      ],
      kills: [],
      lost: 0,
      refused: 0,
    });
    world = played.world;
    expect(played.violations, world.trace()).toEqual([]);
  });

  it('a record whose last try dies at any effect is brought to its end all the same, or listed', async () => {
    const ref = { kind: 'customer', crmId: 'C-1' } as RecordRef;
    for (let nth = 1; nth <= 15; nth += 1) {
      world = new SmallWorld({ random: seededRandom(nth), engines: 0 });
      const factory = new EventFactory(START);
      await passing(world, world.accept([factory.customer('C-1')]));
      const died = { leaseOwner: 'dead', leaseUntil: new Date(world.time.now()).toISOString(), crashes: 3 };
      await passing(world, world.deps().ledger.writeState({ ...emptyState(ref), ...died }, null));
      const last = applyChange(world.deps(new Life(nth, 'after')), ref).catch(() => null);
      await passing(world, last);
      world.start();
      // Its lease and the doubt of a write have to pass, then the sweep.
      await world.time.pass(6 * MINUTE);
      const end = await world.endState();
      const isListed = end.failed.get('customer|C-1')?.code === 'crash.suspected';
      const expected = { events: factory.events, twins: [], deletionMark: '' };
      if (!isListed) expect(check(expected, end), `died after effect ${nth}`).toEqual([]);
      world.stop();
    }
  });
});

async function passing(world: SmallWorld, work: Promise<unknown>): Promise<void> {
  let isOver = false;
  void work.finally(() => {
    isOver = true;
  });
  await world.time.pass(MINUTE, () => isOver);
}

/** Sends while time passes. */
async function sent(world: SmallWorld, ...events: Parameters<SmallWorld['send']>[0]): Promise<void> {
  let isTaken = false;
  void world.send(events).then(() => {
    isTaken = true;
  });
  await world.time.pass(MINUTE, () => isTaken);
}
