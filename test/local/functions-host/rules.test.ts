import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../../local/functions-host/decode-message.ts';
import { readHostJson } from '../../../local/functions-host/host-json.ts';
import { messageLeaseSeconds } from '../../../local/functions-host/message-lease-seconds.ts';
import { poisonQueueFor } from '../../../local/functions-host/poison-queue.ts';
import { PollingBackoff } from '../../../local/functions-host/polling-backoff.ts';
import { queueServiceFor } from '../../../local/functions-host/storage-connection.ts';
import { parseTimeSpan } from '../../../local/functions-host/time-span.ts';
import { FIXTURE } from './support.ts';

describe('time spans', () => {
  test.each([
    ['00:00:30', 30_000],
    ['1.02:03:04', 93_784_000],
    ['00:00:00.25', 250],
  ])('%s is %i ms', (text, milliseconds) => expect(parseTimeSpan(text)).toBe(milliseconds));

  test.each(['', '30', '24:00:00', '00:60:00', '1:2:3', '-00:00:01'])('"%s" is none', (text) =>
    expect(parseTimeSpan(text)).toBeUndefined(),
  );
});

describe('the pause before the next poll', () => {
  test('starts at 100 ms, doubles up to the maximum, and starts over when a message was found', () => {
    const backoff = new PollingBackoff(2_000, () => 0.5);
    const pauses = Array.from({ length: 7 }, () => backoff.next());
    expect(pauses).toEqual([100, 200, 300, 500, 900, 1_700, 2_000]);
    backoff.reset();
    expect(backoff.next()).toBe(100);
  });

  test('varies by a fifth', () => {
    const after = (random: number): number => {
      const backoff = new PollingBackoff(60_000, () => random);
      backoff.next();
      return backoff.next();
    };
    expect([after(0), after(1)]).toEqual([180, 220]);
  });
});

describe('message encoding', () => {
  test.each(['{"a":1}', 'YQ', 'YQ=', 'Y===', 'ø', '/w==', 'w3g='])('"%s" is not base64 of UTF-8', (text) =>
    expect(decodeMessage(text, 'base64')).toBeUndefined(),
  );

  test('base64 is read as UTF-8', () => expect(decodeMessage('w7g=', 'base64')).toBe('ø'));

  test('none leaves the text', () => expect(decodeMessage('{"a":1}', 'none')).toBe('{"a":1}'));
});

describe('host.json', () => {
  test('settings lie over the file, whatever their case', async () => {
    const { extensions } = await readHostJson(FIXTURE, {
      AzureFunctionsJobHost__extensions__queues__batchSize: '8',
      AZUREFUNCTIONSJOBHOST__EXTENSIONS__QUEUES__VISIBILITYTIMEOUT: '00:00:05',
    });
    expect(extensions.queues).toMatchObject({ batchSize: 8, newBatchThreshold: 1, visibilityTimeout: 5_000 });
  });

  test('a batch of more than 32 is refused', async () => {
    const environment = { AzureFunctionsJobHost__extensions__queues__batchSize: '33' };
    await expect(readHostJson(FIXTURE, environment)).rejects.toThrow('batchSize');
  });
});

describe('the storage connection', () => {
  const url = (environment: Record<string, string>): string =>
    queueServiceFor('AzureWebJobsStorage', environment, {}).url;

  test('is a connection string', () => {
    const text = 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=YQ==;EndpointSuffix=core.windows.net';
    expect(url({ AzureWebJobsStorage: text })).toBe('https://a.queue.core.windows.net');
  });

  test('is an account name or a queue address with an identity', () => {
    const identity = { AzureWebJobsStorage__credential: 'managedidentity', AzureWebJobsStorage__clientId: 'id' };
    expect(url({ AzureWebJobsStorage__accountName: 'b', ...identity })).toBe('https://b.queue.core.windows.net');
    expect(url({ AzureWebJobsStorage__queueServiceUri: 'https://c.example', ...identity })).toBe('https://c.example');
  });
});

test('a poison queue, or a queue with too long a name, has no poison queue', () => {
  const service = queueServiceFor('S', { S: 'UseDevelopmentStorage=true' }, {});
  expect(poisonQueueFor(service, 'work')?.name).toBe('work-poison');
  expect(poisonQueueFor(service, 'work-poison')).toBeUndefined();
  expect(poisonQueueFor(service, 'x'.repeat(57))).toBeUndefined();
});

test('a message lease is 600 s unless set, and nothing but whole seconds', () => {
  expect(messageLeaseSeconds({})).toBe(600);
  expect(messageLeaseSeconds({ HOST_MESSAGE_LEASE_SECONDS: '5' })).toBe(5);
  for (const wrong of ['0', '1.5', 'x', '9999999']) {
    expect(() => messageLeaseSeconds({ HOST_MESSAGE_LEASE_SECONDS: wrong })).toThrow('HOST_MESSAGE_LEASE_SECONDS');
  }
});
