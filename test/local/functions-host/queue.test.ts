import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { expect, test } from 'vitest';
import { eventually } from '../../kit/eventually.ts';
import { freshStorageAccount } from '../../kit/azurite.ts';
import { startFixture, type FixtureRun } from './support.ts';

interface SeenContext {
  readonly triggerMetadata: Readonly<Record<string, unknown>>;
}

interface Call {
  readonly message: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** A queue in an account of its own, and what the function on it was called with. */
async function newQueue() {
  const connectionString = await freshStorageAccount();
  const service = QueueServiceClient.fromConnectionString(connectionString);
  const queue = service.getQueueClient('work');
  await queue.create();
  const calls: Call[] = [];
  const note =
    (work: () => unknown): FixtureRun =>
    (name, message, context) => {
      if (name !== 'work') return undefined;
      calls.push({ message, metadata: (context as SeenContext).triggerMetadata, at: Date.now() });
      return work();
    };
  return { connectionString, queue, poison: service.getQueueClient('work-poison'), calls, note };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

/** How many messages are in the queue, hidden ones too. */
async function length(queue: QueueClient): Promise<number> {
  return (await queue.getProperties()).approximateMessagesCount ?? -1;
}

const isEmpty = (queue: QueueClient) => eventually(async () => expect(await length(queue)).toBe(0));

test('a message runs the function once with its metadata, and is deleted', async () => {
  const { queue, calls, note, ...rest } = await newQueue();
  const sent = await queue.sendMessage(encode({ kind: 'customer', crmId: 'C-1' }));
  await startFixture({ ...rest, run: note(() => undefined) });
  await isEmpty(queue);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({
    message: { kind: 'customer', crmId: 'C-1' },
    metadata: { dequeueCount: 1, id: sent.messageId, kind: 'customer', crmId: 'C-1' },
  });
  const { popReceipt, insertionTime, expirationTime, nextVisibleTime } = calls[0]?.metadata ?? {};
  expect(popReceipt).toEqual(expect.any(String));
  expect(Date.parse(String(insertionTime))).toBe(sent.insertedOn.getTime());
  expect(Date.parse(String(expirationTime))).toBe(sent.expiresOn.getTime());
  expect(Date.parse(String(nextVisibleTime)) - Date.now()).toBeGreaterThan(500_000);
});

test("a message's own fields hide the storage service's, as in the real host", async () => {
  const { queue, calls, note, ...rest } = await newQueue();
  await queue.sendMessage(encode({ id: 'evt_1', dequeueCount: 9 }));
  await startFixture({ ...rest, run: note(() => undefined) });
  await isEmpty(queue);
  expect(calls[0]?.metadata).toMatchObject({ id: 'evt_1' });
  expect(Number(calls[0]?.metadata['dequeueCount'])).toBe(9);
});

test('a failed message comes back after visibilityTimeout and is poison after maxDequeueCount tries', async () => {
  const { queue, poison, calls, note, ...rest } = await newQueue();
  const { messageId } = await queue.sendMessage(encode({ n: 1 }));
  const fail = () => {
    throw new Error('no');
  };
  const { lines } = await startFixture({ ...rest, run: note(fail) });
  const [copy] = await eventually(async () => {
    const { peekedMessageItems } = await poison.peekMessages();
    expect(peekedMessageItems).toHaveLength(1);
    return peekedMessageItems;
  });
  await isEmpty(queue);
  expect(calls.map(({ metadata }) => metadata['dequeueCount'])).toEqual([1, 2, 3]);
  const [first = 0, second = 0, third = 0] = calls.map(({ at }) => at);
  // visibilityTimeout is 1 s; the service counts in whole seconds.
  expect(second - first).toBeGreaterThan(500);
  expect(third - second).toBeGreaterThan(500);
  expect(copy).toMatchObject({ messageText: encode({ n: 1 }), dequeueCount: 0 });
  expect(copy?.messageId).not.toBe(messageId);
  const life = (copy?.expiresOn.getTime() ?? 0) - (copy?.insertedOn.getTime() ?? 0);
  expect(life).toBe(7 * 24 * 60 * 60_000);
  expect(lines.filter((line) => line.includes('failed: Error'))).toHaveLength(3);
});

test('a message that fails once and then works is done at the second try', async () => {
  const { queue, poison, calls, note, ...rest } = await newQueue();
  await queue.sendMessage(encode({ n: 1 }));
  const run = note(() => {
    if (calls.length === 1) throw new Error('not yet');
  });
  await startFixture({ ...rest, run });
  await isEmpty(queue);
  expect(calls).toHaveLength(2);
  expect(await poison.exists()).toBe(false);
});

test('a message seen too often already is poison without a run', async () => {
  const { queue, poison, calls, note, ...rest } = await newQueue();
  await queue.sendMessage(encode({ n: 1 }));
  for (let count = 0; count < 3; count += 1) {
    const { receivedMessageItems } = await queue.receiveMessages({ visibilityTimeout: 30 });
    const [received] = receivedMessageItems;
    if (received === undefined) throw new Error('no message');
    await queue.updateMessage(received.messageId, received.popReceipt, undefined, 0);
  }
  await startFixture({ ...rest, run: note(() => undefined) });
  await eventually(async () => expect(await length(poison)).toBe(1));
  await isEmpty(queue);
  expect(calls).toEqual([]);
});

test('a text that is not base64 is poison at once, as it came', async () => {
  const { queue, poison, calls, note, ...rest } = await newQueue();
  await queue.sendMessage('{"n":1}');
  const { lines } = await startFixture({ ...rest, run: note(() => undefined) });
  await eventually(async () => {
    expect((await poison.peekMessages()).peekedMessageItems[0]?.messageText).toBe('{"n":1}');
  });
  await isEmpty(queue);
  expect(calls).toEqual([]);
  expect(lines.join('\n')).toContain('is not base64');
});

test('at most batchSize + newBatchThreshold messages are in hand, and that many are', async () => {
  const { queue, note, ...rest } = await newQueue();
  for (let n = 0; n < 12; n += 1) await queue.sendMessage(encode({ n }));
  const open: (() => void)[] = [];
  let inHand = 0;
  let most = 0;
  const run = note(async () => {
    inHand += 1;
    most = Math.max(most, inHand);
    await new Promise<void>((resolve) => open.push(resolve));
    inHand -= 1;
  });
  await startFixture({ ...rest, run });
  // The fixture: batchSize 3, newBatchThreshold 1. The first batch fills up to 3; with one left, another batch comes.
  await eventually(() => expect(inHand).toBe(3));
  open.splice(0, 2).forEach((finish) => finish());
  await eventually(() => expect(inHand).toBe(4));
  await eventually(async () => {
    open.shift()?.();
    expect(await length(queue)).toBe(0);
  });
  expect(most).toBe(4);
});

test('the message of a function that runs longer than its lease stays hidden, and is deleted with the newest receipt', async () => {
  const { queue, calls, note, ...rest } = await newQueue();
  await queue.sendMessage(encode({ n: 1 }));
  const started = Date.now();
  const run = note(async () => {
    await eventually(() => expect(Date.now() - started).toBeGreaterThan(5_500));
  });
  const { lines } = await startFixture({ ...rest, run, environment: { HOST_MESSAGE_LEASE_SECONDS: '2' } });
  await isEmpty(queue);
  expect(calls).toHaveLength(1);
  expect(lines.join('\n')).not.toContain('cannot settle');
});

test('the trigger queue is made when it is missing', async () => {
  const connectionString = await freshStorageAccount();
  const queue = QueueServiceClient.fromConnectionString(connectionString).getQueueClient('made-by-host');
  await startFixture({ connectionString, environment: { WORK_QUEUE: 'made-by-host' } });
  await eventually(async () => expect(await queue.exists()).toBe(true));
});
