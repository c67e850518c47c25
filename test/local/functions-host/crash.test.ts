import { QueueServiceClient } from '@azure/storage-queue';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startAzurite } from '../../../local/azurite.ts';
import { freshStorageAccount } from '../../kit/azurite.ts';
import { startChild } from './child.ts';
import { eventually } from '../../kit/eventually.ts';
import { startFixture } from './support.ts';

const HOST = path.join(import.meta.dirname, 'fixture-host.ts');
const MESSAGE = Buffer.from('{"n":1}').toString('base64');
const SETTINGS = { WORK_QUEUE: 'work', TICK_SCHEDULE: '0 0 0 1 1 *' };

const newQueue = async (connectionString: string) => {
  const queue = QueueServiceClient.fromConnectionString(connectionString).getQueueClient('work');
  await queue.create();
  await queue.sendMessage(MESSAGE);
  return queue;
};

test('the message of a killed host comes back when its lease is over, not before', async () => {
  const connectionString = await freshStorageAccount();
  const queue = await newQueue(connectionString);
  const lease = 10;
  const environment = { AzureWebJobsStorage: connectionString, HOST_MESSAGE_LEASE_SECONDS: String(lease) };
  const killed = startChild(HOST, { ...SETTINGS, ...environment, FIXTURE_HANGS: '1' });
  await killed.until(/running/);
  killed.kill('SIGKILL');
  await killed.exited;
  const died = Date.now();
  expect((await queue.peekMessages()).peekedMessageItems).toEqual([]);

  const seen: number[] = [];
  await startFixture({
    connectionString,
    environment,
    run: (name) => {
      if (name === 'work') seen.push(Date.now());
    },
  });
  await eventually(() => expect(seen).toHaveLength(1));
  // The service counts in whole seconds, and the lease was renewed some time before the kill. Ten minutes would be the
  // default; a busy machine looks late.
  expect((seen[0] ?? 0) - died).toBeGreaterThan(1_000);
  expect((seen[0] ?? 0) - died).toBeLessThan(lease * 1_000 + 120_000);
  await eventually(async () => expect((await queue.getProperties()).approximateMessagesCount).toBe(0));
});

test('SIGTERM ends a host with 0, a second signal ends it at once', async () => {
  const connectionString = await freshStorageAccount();
  await newQueue(connectionString);
  const environment = { ...SETTINGS, AzureWebJobsStorage: connectionString };

  const quiet = startChild(HOST, environment);
  await quiet.until(/ready/);
  quiet.kill('SIGTERM');
  expect(await quiet.exited).toBe(0);

  await QueueServiceClient.fromConnectionString(connectionString).getQueueClient('work').sendMessage(MESSAGE);
  const hanging = startChild(HOST, { ...environment, FIXTURE_HANGS: '1' });
  const [, port = ''] = await hanging.until(/ready on (\d+)/);
  await hanging.until(/running/);
  hanging.kill('SIGTERM');
  await eventually(() => expect(fetch(`http://127.0.0.1:${port}/api/raw`)).rejects.toThrow());
  hanging.kill('SIGTERM');
  expect(await hanging.exited).toBe(130);
});

test('a storage outage is logged once and waited for', async () => {
  const azurite = await startAzurite({ inMemory: false });
  onTestFinished(() => azurite.stop());
  const { connectionString } = azurite;
  const queue = await newQueue(connectionString);
  let runs = 0;
  const { lines } = await startFixture({
    connectionString,
    run: (name) => {
      if (name === 'work') runs += 1;
    },
  });
  await eventually(() => expect(runs).toBeGreaterThanOrEqual(1));
  const before = runs;

  await azurite.kill();
  await eventually(() => expect(lines.join('\n')).toContain('cannot read queue work'));
  await azurite.restart();
  await eventually(() => expect(lines.join('\n')).toContain('storage answers again'));
  await queue.createIfNotExists();
  await queue.sendMessage(MESSAGE);
  await eventually(() => expect(runs).toBeGreaterThan(before));
  expect(lines.filter((line) => line.includes('cannot read queue'))).toHaveLength(1);
});
