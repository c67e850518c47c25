import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../shared/failure.ts';
import { createStorageGate, type Clock, type Gate } from '../../../../shared/erp/index.ts';
import { manualClock, type ManualClock } from '../manual-clock.ts';
import { codeOf } from '../support.ts';
import { fakeTable, type FakeTable } from './fake-table.ts';

interface World {
  readonly clock: ManualClock;
  readonly table: FakeTable;
  /** A process of its own, with a clock that is wrong by so much. */
  process(skewMs?: number): Gate & { readonly clock: Clock; kill(): void };
}

function world(limits: { readonly requestsPerMinute?: number; readonly inProgress?: number } = {}): World {
  const clock = manualClock();
  const table = fakeTable(clock, () => 10);
  return {
    clock,
    table,
    process: (skewMs = 0) => {
      let dead = false;
      const never = new Promise<void>(() => undefined);
      const own: Clock = {
        ...clock,
        now: () => clock.now() + skewMs,
        // A killed process never goes on.
        sleep: (ms) => clock.sleep(ms).then(() => (dead ? never : undefined)),
      };
      let turn = 0;
      const gate = createStorageGate({
        table: table.seenFrom(own),
        clock: own,
        timeoutMs: 30_000,
        requestsPerMinute: limits.requestsPerMinute ?? 500,
        inProgress: limits.inProgress ?? 10,
        random: () => (turn += 0.37) % 1,
      });
      return { ...gate, clock: own, kill: () => (dead = true) };
    },
  };
}

/** Sends requests one after the other; notes when each started by the real time. */
async function work(of: World, process: ReturnType<World['process']>, ms: number, starts: number[]): Promise<void> {
  for (;;) {
    const pass = await process.enter();
    await pass.start();
    starts.push(of.clock.now());
    await process.clock.sleep(ms);
    pass.leave('answered');
  }
}

function busiestMinute(starts: readonly number[]): number {
  let first = 0;
  return Math.max(
    ...starts.map((at, index) => {
      while (at - (starts[first] ?? at) >= 60_000) first += 1;
      return index - first + 1;
    }),
  );
}

const seconds = async ({ clock }: World, count: number) => {
  for (let second = 0; second < count; second += 1) await clock.advance(1000);
};

describe('four processes with wrong clocks', () => {
  test('start no more than the limit in any minute, use most of it, share it, and spare storage', async () => {
    const here = world();
    const perProcess = [0, 90_000, -45_000, 700].map((skew) => {
      const starts: number[] = [];
      const process = here.process(skew);
      for (let worker = 0; worker < 4; worker += 1) void work(here, process, 300, starts);
      return starts;
    });
    await seconds(here, 180);
    const starts = perProcess.flat().toSorted((a, b) => a - b);
    expect(busiestMinute(starts)).toBeLessThanOrEqual(500);
    expect(starts.length).toBeGreaterThan(3 * 500 * 0.85);
    for (const own of perProcess) expect(own.length).toBeGreaterThan(starts.length / 8);
    expect(here.table.operations() / starts.length).toBeLessThan(2);
  });

  test('never hold more places than allowed, and the places of a killed one come back within a minute', async () => {
    const here = world({ inProgress: 4 });
    const [first, second] = [here.process(), here.process(5000)];
    const before: number[] = [];
    const after: number[] = [];
    for (let worker = 0; worker < 4; worker += 1) void work(here, first, 20_000, before);
    await seconds(here, 1);
    expect(before).toHaveLength(4);
    for (let worker = 0; worker < 4; worker += 1) void work(here, second, 20_000, after);
    await seconds(here, 5);
    expect(after).toHaveLength(0);
    first.kill();
    await seconds(here, 62);
    expect(after.length).toBeGreaterThanOrEqual(4);
  });
});

test('start times that a killed process had taken pass by themselves', async () => {
  const here = world({ requestsPerMinute: 60 });
  const first = here.process();
  for (let worker = 0; worker < 8; worker += 1) void first.enter();
  await here.clock.advance(50);
  first.kill();
  const second = here.process();
  const starts: number[] = [];
  void work(here, second, 100, starts);
  await seconds(here, 60);
  expect(starts.length).toBeGreaterThan(40);
});

test('six processes and two places: everyone has a turn', async () => {
  const here = world({ inProgress: 2 });
  const perProcess = Array.from({ length: 6 }, () => {
    const starts: number[] = [];
    void work(here, here.process(), 500, starts);
    return starts;
  });
  await seconds(here, 300);
  for (const starts of perProcess) expect(starts.length).toBeGreaterThan(0);
});

test('an abandoned request keeps its place from all processes until the ERP must have given up', async () => {
  const here = world({ inProgress: 1 });
  const [first, second] = [here.process(), here.process()];
  const entering = first.enter();
  await here.clock.advance(1000);
  (await entering).leave('abandoned');
  let entered = false;
  void second.enter().then(() => (entered = true));
  await seconds(here, 58);
  expect(entered).toBe(false);
  await seconds(here, 4);
  expect(entered).toBe(true);
});

test('a refusal by the ERP’s limit slows all processes down', async () => {
  const here = world();
  const [first, second] = [here.process(), here.process()];
  first.slowDown(20_000);
  await here.clock.advance(100);
  let entered = false;
  void second.enter().then(() => (entered = true));
  await seconds(here, 19);
  expect(entered).toBe(false);
  await seconds(here, 3);
  expect(entered).toBe(true);
});

test('a start time not used within a second, or overtaken by a slow-down, is replaced', async () => {
  const here = world();
  const process = here.process();
  const entering = process.enter();
  await here.clock.advance(1000);
  const pass = await entering;
  process.slowDown(10_000);
  let started = false;
  void pass.start().then(() => (started = true));
  await seconds(here, 9);
  expect(started).toBe(false);
  await seconds(here, 3);
  expect(started).toBe(true);
});

describe('storage that cannot be reached', () => {
  test('is tried again for some seconds', async () => {
    const here = world();
    here.table.away = true;
    let entered = false;
    void here
      .process()
      .enter()
      .then(() => (entered = true));
    await seconds(here, 2);
    here.table.away = false;
    await seconds(here, 5);
    expect(entered).toBe(true);
  });

  test('then fails those who wait, and only those', async () => {
    const here = world();
    const process = here.process();
    here.table.away = true;
    const code = codeOf(process.enter());
    await seconds(here, 30);
    expect(await code).toBe('storage.unavailable');
    here.table.away = false;
    const entering = process.enter();
    await seconds(here, 3);
    expect(await entering).toBeDefined();
  });

  test('does not keep a request from ending that has its place already', async () => {
    const here = world();
    const process = here.process();
    const entering = process.enter();
    await here.clock.advance(500);
    here.table.away = true;
    const pass = await entering;
    await pass.start();
    pass.leave('abandoned');
    await seconds(here, 30);
    const failure = process.enter().catch((error: unknown) => error);
    await seconds(here, 30);
    expect(await failure).toBeInstanceOf(Failure);
  });
});

test('the row that all share holds numbers and random ids only', async () => {
  const here = world();
  void here.process().enter();
  await here.clock.advance(1000);
  expect(here.table.row()?.places).toMatch(/^\[(\{"id":"[0-9a-f-]+","holder":"[0-9a-f-]+","until":[\d.]+\},?)+\]$/);
});
