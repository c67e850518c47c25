import { expect, test } from 'vitest';
import { Failure } from '../../../shared/failure.ts';
import { createBatchSize } from '../../../shared/erp/batch/batch-size.ts';
import type { Job } from '../../../shared/erp/batch/collector.ts';
import { customer, openSandbox, yes } from './support.ts';
import { tampering } from './tampering.ts';

const jobs = (count: number): Job<number, unknown>[] =>
  Array.from({ length: count }, (_, input) => ({ input, resolve: () => undefined, reject: () => undefined }));
const lost = { kind: 'lost', cause: new Failure('erp.timeout') };
const late = (size: ReturnType<typeof createBatchSize>, count: number) =>
  size.watch(jobs(count)).forEach((job) => job.resolve(lost));
const fine = (size: ReturnType<typeof createBatchSize>, count: number) =>
  size.watch(jobs(count)).forEach((job) => job.resolve({ kind: 'written' }));

test('is halved by a request that took too long, counted from what it held, down to one', () => {
  const size = createBatchSize(100);
  late(size, 100);
  expect(size.most()).toBe(50);
  late(size, 8);
  expect(size.most()).toBe(4);
  for (let each = 0; each < 5; each += 1) late(size, 1);
  expect(size.most()).toBe(1);
});

test('is doubled by a full request that was answered, and never above the largest', () => {
  const size = createBatchSize(100);
  late(size, 30);
  fine(size, 14);
  expect(size.most()).toBe(15);
  for (let each = 0; each < 5; each += 1) fine(size, size.most());
  expect(size.most()).toBe(100);
});

test('is halved by a read that took too long too, and by nothing else', () => {
  const size = createBatchSize(100);
  for (const job of size.watch(jobs(40))) job.reject(new Failure('erp.timeout'));
  expect(size.most()).toBe(20);
  for (const job of size.watch(jobs(20))) job.reject(new Failure('erp.unreachable'));
  expect(size.most()).toBe(20);
  for (const [index, job] of size.watch(jobs(20)).entries()) job.resolve(index === 0 ? { kind: 'not-sent' } : lost);
  expect(size.most()).toBe(10);
  for (const job of size.watch(jobs(10))) job.resolve([]);
  expect(size.most()).toBe(20);
});

test('hands every outcome on', () => {
  const seen: unknown[] = [];
  const [job] = createBatchSize(2).watch([
    { input: 1, resolve: (outcome: unknown) => seen.push(outcome), reject: (error: unknown) => seen.push(error) },
  ]);
  job?.resolve(lost);
  job?.reject('no');
  expect(seen).toEqual([lost, 'no']);
});

test('brings the rows of a request that the ERP cannot answer in time to it in smaller ones', async () => {
  const sizes: number[] = [];
  const slow = tampering({
    associate_create: async (forward, { variables }) => {
      const rows = Object.values(variables).find((value) => Array.isArray(value))?.length ?? 0;
      sizes.push(rows);
      if (rows > 10) throw new DOMException('', 'TimeoutError');
      return forward();
    },
  });
  await using erp = await openSandbox({}, {}, { fetch: slow.fetch });
  let rows = Array.from({ length: 40 }, (_, n) => customer({ name: `Kunde ${n}` }));
  for (let round = 0; rows.length > 0 && round < 5; round += 1) {
    const outcomes = await Promise.all(rows.map((row) => erp.associates.create(row, yes)));
    rows = rows.filter((_, index) => outcomes[index]?.kind === 'lost');
  }
  expect(erp.sandbox.rows()).toHaveLength(40);
  expect(sizes.slice(0, 3)).toEqual([40, 6, 6]);
  expect(erp.sandbox.doubles()).toEqual([]);
});
