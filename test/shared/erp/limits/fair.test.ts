import { expect, test } from 'vitest';
import { createStorageGate } from '../../../../shared/erp/index.ts';
import { manualClock } from '../manual-clock.ts';
import { fakeTable } from './fake-table.ts';

const HOSTS = 40;
const PER_MINUTE = 500;
const SECONDS = 90;

/** 0 up to, not including, 1; the same numbers each time (Lehmer). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

test.each([
  [200, 1],
  [400, 2],
  [600, 3],
])(
  '40 saturated hosts, answers after %i ms: nine tenths are used, the least has half of the mean',
  async (ms, seed) => {
    const clock = manualClock(undefined, 2);
    const table = fakeTable(clock, () => 10);
    const random = seeded(seed);
    const counts = Array.from({ length: HOSTS }, () => 0);
    const starts: number[] = [];
    let isOver = false;
    const worker = async (host: number, gate: ReturnType<typeof createStorageGate>) => {
      while (!isOver) {
        const pass = await gate.enter();
        await pass.start();
        counts[host] = (counts[host] ?? 0) + 1;
        starts.push(clock.now());
        await clock.sleep(ms);
        pass.leave('answered');
      }
    };
    for (let host = 0; host < HOSTS; host += 1) {
      const gate = createStorageGate({
        table: table.seenFrom(clock),
        clock,
        timeoutMs: 65_000,
        requestsPerMinute: PER_MINUTE,
        inProgress: 10,
        random,
      });
      for (let each = 0; each < 3; each += 1) void worker(host, gate);
    }
    await clock.advance(SECONDS * 1000);
    isOver = true;

    const mean = starts.length / HOSTS;
    expect(starts.length).toBeGreaterThanOrEqual(0.9 * PER_MINUTE * (SECONDS / 60));
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(mean / 2);
    const busiest = Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 60_000).length));
    expect(busiest).toBeLessThanOrEqual(PER_MINUTE);
  },
);
