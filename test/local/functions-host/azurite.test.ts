import { QueueServiceClient } from '@azure/storage-queue';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startAzurite, type AzuriteOptions } from '../../../local/azurite.ts';
import { freshStorageAccount } from '../../kit/azurite.ts';
import { startChild } from './child.ts';
import { eventually } from '../../kit/eventually.ts';

async function start(options: AzuriteOptions = {}) {
  const azurite = await startAzurite(options);
  onTestFinished(() => azurite.stop());
  return azurite;
}

const queueNames = async (connectionString: string): Promise<string[]> => {
  const names: string[] = [];
  for await (const { name } of QueueServiceClient.fromConnectionString(connectionString).listQueues()) names.push(name);
  return names;
};

const createQueue = (connectionString: string, name: string) =>
  QueueServiceClient.fromConnectionString(connectionString).createQueue(name);

test('data on disk and ports survive a restart', async () => {
  const azurite = await start({ inMemory: false });
  const { queuePort } = azurite;
  await createQueue(azurite.connectionString, 'kept');
  await azurite.restart();
  expect(azurite.queuePort).toBe(queuePort);
  expect(await queueNames(azurite.connectionString)).toEqual(['kept']);
});

test('Azurite ends when the process that started it is killed', async () => {
  const child = startChild(path.join(import.meta.dirname, 'azurite-parent.ts'), {});
  const [, pid, port] = await child.until(/azurite (\d+) (\d+)/);
  await fetch(`http://127.0.0.1:${port ?? ''}/`);
  child.kill('SIGKILL');
  await eventually(() => expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH'));
});

test('every test account is its own', async () => {
  const [one, two] = [await freshStorageAccount(), await freshStorageAccount()];
  await createQueue(one, 'mine');
  expect(await queueNames(one)).toEqual(['mine']);
  expect(await queueNames(two)).toEqual([]);
});
