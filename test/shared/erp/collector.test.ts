import { expect, test } from 'vitest';
import { createCollector, type CollectorOptions, type Job } from '../../../shared/erp/batch/collector.ts';
import type { Pass } from '../../../shared/erp/index.ts';
import { manualClock } from './manual-clock.ts';

type Run = CollectorOptions<number, string>['run'];

/** A collector whose requests end when the test says so. */
function setUp(options: Partial<CollectorOptions<number, string>> = {}) {
  const clock = manualClock();
  const batches: { readonly inputs: readonly number[]; readonly finish: () => void }[] = [];
  const run: Run = (jobs: readonly Job<number, string>[], pass: Pass) =>
    new Promise((resolve) => {
      const finish = () => {
        pass.leave('answered');
        for (const job of jobs) job.resolve(`done ${job.input}`);
        resolve();
      };
      batches.push({ inputs: jobs.map((job) => job.input), finish });
    });
  const pass: Pass = { start: async () => undefined, leave: () => undefined };
  const add = createCollector<number, string>({
    clock,
    windowMs: 25,
    maxSize: () => 100,
    enter: async () => pass,
    run,
    ...options,
  });
  return { clock, batches, add, sizes: () => batches.map((batch) => batch.inputs.length) };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

test('calls made at the same time leave together when the window of 25 ms is over', async () => {
  const { clock, batches, add } = setUp();
  const calls = range(0, 30).map((each) => add(each));
  await clock.advance(24);
  expect(batches).toHaveLength(0);
  await clock.advance(1);
  expect(batches.map((batch) => batch.inputs)).toEqual([range(0, 30)]);
  batches[0]?.finish();
  expect(await calls[7]).toBe('done 7');
});

test('a full batch leaves without waiting for the window', async () => {
  const { clock, add, sizes } = setUp();
  for (const each of range(0, 100)) void add(each);
  await clock.settle();
  expect(sizes()).toEqual([100]);
});

test('while a request is in flight the next batch keeps filling, and leaves when it ends', async () => {
  const { clock, batches, add, sizes } = setUp();
  void add(1);
  await clock.advance(25);
  for (const each of [2, 3, 4]) {
    void add(each);
    await clock.advance(500);
  }
  expect(sizes()).toEqual([1]);
  batches[0]?.finish();
  await clock.settle();
  expect(batches[1]?.inputs).toEqual([2, 3, 4]);
});

test('nobody waits longer than two seconds behind a request that hangs', async () => {
  const { clock, add, sizes } = setUp();
  void add(1);
  await clock.advance(25);
  void add(2);
  await clock.advance(1999);
  expect(sizes()).toEqual([1]);
  await clock.advance(1);
  expect(sizes()).toEqual([1, 1]);
});

test('a batch that became full leaves beside the one in flight', async () => {
  const { clock, add, sizes } = setUp();
  void add(-1);
  await clock.advance(25);
  for (const each of range(0, 130)) void add(each);
  await clock.settle();
  expect(sizes()).toEqual([1, 100]);
});

test('the batch is closed only when the gate lets it through', async () => {
  const gate = Promise.withResolvers<Pass>();
  const { clock, batches, add } = setUp({ enter: () => gate.promise });
  void add(1);
  await clock.advance(500);
  void add(2);
  gate.resolve({ start: async () => undefined, leave: () => undefined });
  await clock.settle();
  expect(batches.map((batch) => batch.inputs)).toEqual([[1, 2]]);
});

test('a gate that cannot open fails the calls that wait, not the collector', async () => {
  let broken = true;
  const pass: Pass = { start: async () => undefined, leave: () => undefined };
  const { clock, batches, add } = setUp({
    enter: async () => {
      if (broken) throw new Error('no gate');
      return pass;
    },
  });
  const first = expect(add(1)).rejects.toThrow('no gate');
  await clock.advance(25);
  await first;
  broken = false;
  void add(2);
  await clock.advance(25);
  expect(batches.map((batch) => batch.inputs)).toEqual([[2]]);
});

test('two calls with one key never share a batch, nor are they in flight together', async () => {
  const { clock, batches, add } = setUp({ keyOf: (input) => input % 10 });
  const calls = [1, 11, 2].map((each) => add(each));
  await clock.advance(25);
  expect(batches.map((batch) => batch.inputs)).toEqual([[1, 2]]);
  await clock.advance(1000);
  expect(batches).toHaveLength(1);
  batches[0]?.finish();
  await clock.advance(25);
  expect(batches[1]?.inputs).toEqual([11]);
  batches[1]?.finish();
  expect(await Promise.all(calls)).toEqual(['done 1', 'done 11', 'done 2']);
});

test('a batch that ends without settling a call fails that call', async () => {
  const { clock, add } = setUp({ run: async (_jobs, pass) => pass.leave('answered') });
  const call = expect(add(1)).rejects.toThrow('without an outcome');
  await clock.advance(25);
  await call;
});
