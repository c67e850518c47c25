import { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { expect, test } from 'vitest';
import { readHostJson } from '../../../local/functions-host/host-json.ts';
import { startQueueListener, type Listener } from '../../../local/functions-host/queue-listener.ts';
import { freshStorageAccount } from '../../kit/azurite.ts';
import { eventually } from '../../kit/eventually.ts';
import { FIXTURE, startFixture } from './support.ts';

test('a stop waits for what runs; messages that did not run stay and can be taken at once', async () => {
  const connectionString = await freshStorageAccount();
  const queue = QueueServiceClient.fromConnectionString(connectionString).getQueueClient('work');
  await queue.create();
  for (let n = 0; n < 8; n += 1) await queue.sendMessage(Buffer.from(`{"n":${n}}`).toString('base64'));
  const open: (() => void)[] = [];
  let started = 0;
  const host = await startFixture({
    connectionString,
    run: (name) => {
      if (name !== 'work') return undefined;
      started += 1;
      return new Promise<void>((resolve) => open.push(resolve));
    },
  });
  await eventually(() => expect(started).toBe(3));

  let stopped = false;
  const stopping = host.stop().then(() => (stopped = true));
  await eventually(async () => {
    await expect(fetch(`${host.url}/api/raw`)).rejects.toThrow();
  });
  expect(stopped).toBe(false);
  open.splice(0, 2).forEach((finish) => finish());
  await eventually(async () => expect((await queue.getProperties()).approximateMessagesCount).toBe(6));
  expect(stopped).toBe(false);
  expect(host.hooks).not.toContain('appTerminate');
  open.splice(0).forEach((finish) => finish());
  await stopping;

  expect(started).toBe(3);
  expect(host.hooks.at(-1)).toBe('appTerminate');
  const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
  expect(receivedMessageItems).toHaveLength(5);
});

test('messages that arrive while it stops are given back unrun', async () => {
  const host: { listener?: Listener } = {};
  let stopped: Promise<void> | undefined;
  class StoppedWhileReceiving extends QueueClient {
    override async receiveMessages(...given: Parameters<QueueClient['receiveMessages']>) {
      const received = await super.receiveMessages(...given);
      stopped = host.listener?.stop();
      return received;
    }
  }
  const receiver = new StoppedWhileReceiving(await freshStorageAccount(), 'work');
  await receiver.create();
  await receiver.sendMessage('e30=');
  let runs = 0;
  host.listener = startQueueListener({
    receiver,
    queue: receiver,
    poison: undefined,
    options: (await readHostJson(FIXTURE, {})).extensions.queues,
    leaseSeconds: 600,
    dataType: undefined,
    run: async () => {
      runs += 1;
      return { succeeded: false };
    },
    log: () => undefined,
  });
  await eventually(() => expect(stopped).toBeDefined());
  await stopped;
  expect(runs).toBe(0);
  expect((await receiver.peekMessages()).peekedMessageItems).toHaveLength(1);
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
