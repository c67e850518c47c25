import { QueueServiceClient } from '@azure/storage-queue';
import { expect, test } from 'vitest';
import { freshStorageAccount } from '../../support/azurite.ts';
import { eventually } from '../../support/eventually.ts';
import { startFixture } from './support.ts';

test('a stop waits for what runs; messages that did not run stay and can be taken at once', async () => {
  const connectionString = await freshStorageAccount();
  const queue = QueueServiceClient.fromConnectionString(connectionString).getQueueClient('work');
  await queue.create();
  for (let n = 0; n < 8; n += 1) await queue.sendMessage(Buffer.from(`{"n":${n}}`).toString('base64'));
  const finish = Promise.withResolvers<undefined>();
  let started = 0;
  const host = await startFixture({
    connectionString,
    run: (name) => {
      if (name !== 'work') return undefined;
      started += 1;
      return finish.promise;
    },
  });
  await eventually(() => expect(started).toBe(3));

  let stopped = false;
  const stopping = host.stop().then(() => (stopped = true));
  await eventually(async () => {
    await expect(fetch(`${host.url}/api/raw`)).rejects.toThrow();
  });
  expect(stopped).toBe(false);
  expect(host.hooks).not.toContain('appTerminate');
  finish.resolve(undefined);
  await stopping;

  expect(started).toBe(3);
  expect(host.hooks.at(-1)).toBe('appTerminate');
  const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
  expect(receivedMessageItems).toHaveLength(5);
});

test('a stop answers the requests it has taken', async () => {
  const finish = Promise.withResolvers<undefined>();
  let running = false;
  const host = await startFixture({
    run: (name) => {
      if (name !== 'slow') return undefined;
      running = true;
      return finish.promise;
    },
  });
  const answer = fetch(`${host.url}/api/slow`);
  await eventually(() => expect(running).toBe(true));
  const stopping = host.stop();
  finish.resolve(undefined);
  expect(await (await answer).text()).toBe('done');
  await stopping;
});

test('after a stop the environment is as it was', async () => {
  const host = await startFixture({ environment: { FIXTURE_SETTING: 'here' } });
  expect(process.env['FIXTURE_SETTING']).toBe('here');
  await host.stop();
  expect(process.env['FIXTURE_SETTING']).toBeUndefined();
});
