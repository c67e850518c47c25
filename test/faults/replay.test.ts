import { expect, it } from 'vitest';
import { QUEUES } from '../../shared/storage-names.ts';
import type { Replayed } from '../../shared/sync/index.ts';
import { check } from './check.ts';
import { seededRandom } from './seeded-random.ts';
import { REFUSED_NAME } from './history.ts';
import { Killed, Life } from './killable.ts';
import { EventFactory } from './scenarios.ts';
import { SmallWorld } from './small-world.ts';
import { listFailures } from '../../shared/sync/operate/failures.ts';
import { replay } from '../../shared/sync/operate/replay.ts';

const MINUTE = 60_000;
const COUNT = 1_000;

it('1,000 refused changes, then the cause mended: a replay killed halfway and run again brings all in sync', async () => {
  const world = new SmallWorld({ random: seededRandom(1), engines: 3 });
  const factory = new EventFactory(Date.UTC(2026, 10, 21, 7));
  const events = Array.from({ length: COUNT }, (_, n) => factory.customer(`C-${n}`, `Kunde ${n} ${REFUSED_NAME}`));
  void Promise.all(events.map((event) => world.send([event])));
  await world.time.pass(20 * MINUTE);
  const depth = (): number => world.queues.of(QUEUES.changesPoison).length;
  expect(depth()).toBe(COUNT);
  const failures = await passing(world, listFailures(world.deps()));
  expect([...new Set(failures.map(({ code }) => code))]).toEqual(['erp.row-refused']);

  world.erp.refuses = false;
  const run = (dryRun: boolean, life = new Life()): Promise<readonly Replayed[]> =>
    passing(world, replay(world.deps(life), {}, { dryRun, cap: COUNT, release: false, pace: async () => undefined }));
  const would = await run(true);
  expect(would.filter(({ result }) => result === 'would-replay')).toHaveLength(COUNT);
  expect(depth()).toBe(COUNT);

  await expect(run(false, new Life(4_321, 'after'))).rejects.toThrow(Killed);
  await run(false);
  await world.time.pass(10 * MINUTE);
  const mended = events.map((event) => ({ ...event, refused: null }));
  const end = await world.endState();
  expect(check({ events: mended, twins: [], deletionMark: 'Slettet i CRM' }, end)).toEqual([]);
  expect(depth()).toBe(0);
  expect(await run(false)).toEqual([]);
  world.stop();
});

/** Lets time pass until it is done. */
async function passing<T>(world: SmallWorld, work: Promise<T>): Promise<T> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  work.then(over, over);
  await world.time.pass(24 * 60 * MINUTE, () => isOver);
  return work;
}
