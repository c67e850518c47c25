import { describe, expect, it } from 'vitest';
import type { FailureCode } from '../../shared/failure.ts';
import { QUEUES } from '../../shared/storage-names.ts';
import { check, type Violation } from './check.ts';
import { seededRandom } from './seeded-random.ts';
import type { HistoryEvent } from './history.ts';
import { EventFactory } from './scenarios.ts';
import { SmallWorld } from './small-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 10, 21, 7);
/** All of two days with 50,000 pending takes long: FAULTS_PENDING=50000 FAULTS_OUTAGE_HOURS=48. */
const PENDING = Number(process.env['FAULTS_PENDING'] ?? 150);
const OUTAGE_HOURS = Number(process.env['FAULTS_OUTAGE_HOURS'] ?? 3);
/** What the sweep fills the queue up to. */
const FULL_QUEUE = 2_000;

function customers(count: number, records: number): readonly HistoryEvent[] {
  const factory = new EventFactory(START);
  return Array.from({ length: count }, (_, n) => factory.customer(`C-${n % records}`, `Kunde ${n}`));
}

/** Sends the events evenly over this time. */
async function sendOver(world: SmallWorld, events: readonly HistoryEvent[], ms: number): Promise<void> {
  const each = events.map(async (event, n) => {
    await world.time.sleep((ms * n) / events.length);
    await world.send([event]);
  });
  await Promise.all(each);
}

async function violationsOf(world: SmallWorld, events: readonly HistoryEvent[]): Promise<readonly Violation[]> {
  return check({ events, twins: [], deletionMark: 'Slettet i CRM' }, await world.endState());
}

/** Lets the outage last; what the ERP saw of it, and what was in poison then. */
async function outage(world: SmallWorld, code: FailureCode, ms: number) {
  const before = world.erp.requests;
  world.erp.outage = code;
  let mostPerMinute = 0;
  for (let passed = 0; passed < ms; passed += MINUTE) {
    const seen = world.erp.requests;
    await world.time.pass(MINUTE);
    // The first minute holds what was under way.
    if (passed > 0) mostPerMinute = Math.max(mostPerMinute, world.erp.requests - seen);
  }
  world.erp.outage = null;
  return { requests: world.erp.requests - before, mostPerMinute, poison: world.queues.of(QUEUES.changesPoison).length };
}

const start = (): SmallWorld => new SmallWorld({ random: seededRandom(1), engines: 3 });

describe('the ERP is away', { timeout: 600_000 }, () => {
  it('ten minutes amid 1,000 changes: nothing in poison, a handful of probes a minute, all in sync', async () => {
    const world = start();
    const events = customers(1_000, 300);
    void sendOver(world, events, 20 * MINUTE);
    await world.time.pass(5 * MINUTE);
    const during = await outage(world, 'erp.unreachable', 10 * MINUTE);
    expect(during.poison).toBe(0);
    expect(during.mostPerMinute).toBeLessThanOrEqual(8);
    await world.time.pass(15 * MINUTE);
    expect(await violationsOf(world, events)).toEqual([]);
    world.stop();
  });

  it('two hours: the sync goes on within two minutes of its return', async () => {
    const world = start();
    const events = customers(200, 100);
    void sendOver(world, events, 2 * HOUR);
    await world.time.pass(MINUTE);
    const during = await outage(world, 'erp.timeout', 2 * HOUR);
    expect(during).toMatchObject({ poison: 0 });
    const before = world.erp.rows.size;
    await world.time.pass(2 * MINUTE);
    expect(world.erp.rows.size).toBeGreaterThan(before + 30);
    await world.time.pass(3 * MINUTE);
    expect(await violationsOf(world, events)).toEqual([]);
    world.stop();
  });

  it('days, with all changes pending: the number of queue messages stays bounded', async () => {
    const world = start();
    const events = customers(PENDING, PENDING);
    void sendOver(world, events, OUTAGE_HOURS * HOUR);
    const during = await outage(world, 'erp.unreachable', OUTAGE_HOURS * HOUR);
    expect(during.poison).toBe(0);
    expect(world.queues.deepest).toBeLessThan(100);
    // Three engines in one process catch up with some 250 records a virtual minute.
    await world.time.pass(5 * MINUTE + (PENDING / FULL_QUEUE) * 20 * MINUTE);
    expect(world.queues.deepest).toBeLessThan(FULL_QUEUE + 200);
    expect(await violationsOf(world, events)).toEqual([]);
    world.stop();
  });

  it('a wrong client secret for an hour: nothing lost, none in poison, and it goes on by itself', async () => {
    const world = start();
    const events = customers(100, 100);
    void sendOver(world, events, 30 * MINUTE);
    await world.time.pass(5 * MINUTE);
    const during = await outage(world, 'token.invalid-client', HOUR);
    expect(during.poison).toBe(0);
    expect(during.mostPerMinute).toBeLessThanOrEqual(8);
    await world.time.pass(5 * MINUTE);
    expect(await violationsOf(world, events)).toEqual([]);
    world.stop();
  });
});
