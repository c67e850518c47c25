import { TableClient } from '@azure/data-tables';
import { expect, test } from 'vitest';
import { createStorageGate, systemClock, type Clock } from '../../../../shared/erp/index.ts';
import { useAzurite } from '../../../kit/azurite.ts';

const account = useAzurite();

function gate(table: string, clock: Clock = systemClock, limits = { requestsPerMinute: 500, inProgress: 3 }) {
  const client = TableClient.fromConnectionString(account.connectionString, table, { allowInsecureConnection: true });
  return { client, ...createStorageGate({ table: client, clock, timeoutMs: 30_000, ...limits }) };
}

test('real storage: the table is made, two processes share the places of one row', async () => {
  const [first, second] = [gate('control'), gate('control')];
  const [one, two, three] = await Promise.all([first.enter(), second.enter(), first.enter()]);
  for (const pass of [one, two, three]) await pass.start();
  let entered = false;
  const waiting = second.enter().then((pass) => {
    entered = true;
    return pass;
  });
  const row = await first.client.getEntity<{ places: string }>('nxt', 'budget');
  expect(JSON.parse(row.places)).toHaveLength(3);
  expect(entered).toBe(false);
  one.leave('answered');
  three.leave('answered');
  (await waiting).leave('answered');
  two.leave('answered');
});

test('real storage: its clock counts, not the process’s own', async () => {
  const wrong = { ...systemClock, now: () => Date.now() - 3_600_000 };
  const process = gate('clocks', wrong);
  (await process.enter()).leave('answered');
  const row = await process.client.getEntity<{ next: number }>('nxt', 'budget');
  expect(Math.abs(row.next - Date.now())).toBeLessThan(3000);
});

test('real storage: start times keep their distance over processes', async () => {
  const limits = { requestsPerMinute: 600, inProgress: 10 };
  const processes = [1, 2, 3].map(() => gate('distances', systemClock, limits));
  const starts: number[] = [];
  await Promise.all(
    processes.flatMap((process) =>
      [1, 2, 3, 4].map(async () => {
        const pass = await process.enter();
        await pass.start();
        starts.push(performance.now());
        pass.leave('answered');
      }),
    ),
  );
  const took = Math.max(...starts) - Math.min(...starts);
  // Twelve starts, 104 ms apart; the last may use its time within a second, the first may be late by its second.
  expect(took).toBeGreaterThan(11 * 104 - 1000);
  expect(starts).toHaveLength(12);
});
