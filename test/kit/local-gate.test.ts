import { expect, test } from 'vitest';
import { createLocalGate } from './local-gate.ts';
import { manualClock } from '../shared/erp/manual-clock.ts';

/** The most starts within any 60 s. */
function busiestMinute(starts: readonly number[]): number {
  return Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 60_000).length));
}

test('no sliding minute holds more starts than the limit, and most of the limit is used', async () => {
  const clock = manualClock();
  const gate = createLocalGate({ requestsPerMinute: 50, inProgress: 60, clock });
  const starts: number[] = [];
  const worker = async () => {
    for (;;) {
      const pass = await gate.enter();
      await pass.start();
      starts.push(clock.now());
      pass.leave('answered');
      if (clock.now() - began > 200_000) return;
    }
  };
  const began = clock.now();
  for (let each = 0; each < 5; each += 1) void worker();
  for (let second = 0; second < 180; second += 1) await clock.advance(1000);
  expect(busiestMinute(starts)).toBeLessThanOrEqual(50);
  expect(starts.length).toBeGreaterThan(3 * 50 * 0.85);
});

test('a start time that was not used within a second is lost', async () => {
  const clock = manualClock();
  const gate = createLocalGate({ requestsPerMinute: 10, inProgress: 10, clock });
  const first = await gate.enter();
  await clock.advance(1001);
  let started = false;
  void first.start().then(() => {
    started = true;
  });
  await clock.settle();
  expect(started).toBe(false);
  await clock.advance(7000);
  expect(started).toBe(true);
});

test('no more are in progress than allowed, and abandoned requests keep half of the places for half an hour', async () => {
  const clock = manualClock();
  const gate = createLocalGate({ requestsPerMinute: 600, inProgress: 2, clock });
  const [first, second] = await Promise.all([gate.enter(), gate.enter()]);
  let entered = 0;
  for (let each = 0; each < 2; each += 1) void gate.enter().then(() => (entered += 1));
  await clock.advance(1000);
  expect(entered).toBe(0);
  first.leave('answered');
  second.leave('abandoned');
  await clock.advance(1000);
  expect(entered).toBe(1);
  await clock.advance(30 * 60_000 - 2000);
  expect(entered).toBe(1);
  await clock.advance(2000);
  expect(entered).toBe(2);
});

test('after a refusal by a limit nothing starts for the time asked', async () => {
  const clock = manualClock();
  const gate = createLocalGate({ requestsPerMinute: 600, inProgress: 10, clock });
  gate.slowDown(5000);
  let entered = false;
  void gate.enter().then(() => (entered = true));
  await clock.advance(4999);
  expect(entered).toBe(false);
  await clock.advance(1);
  expect(entered).toBe(true);
});
