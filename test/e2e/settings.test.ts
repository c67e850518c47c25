import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { QueueClient } from '@azure/storage-queue';
import { expect, onTestFinished, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { sendChanges } from '../../local/crm/index.ts';
import { startFunctionsHost } from '../../local/functions-host/index.ts';
import { startChild } from '../local/functions-host/child.ts';
import { freshStorageAccount } from '../kit/azurite.ts';
import { eventually } from '../kit/eventually.ts';
import { builtProgram } from '../kit/run.ts';
import { customerEvent } from '../kit/events.ts';
import { WEBHOOK_SECRET } from '../kit/world.ts';
import { customerChange } from './support/changes.ts';
import { startHost } from './support/host.ts';

const program = await builtProgram();

test('npm run host names every wrong or missing setting at once, without repeating a value, and ends with 1', async () => {
  const host = startChild(
    path.join(program, 'local/host.ts'),
    { PORT: '0', NXT_COMPANY_NO: 'value-1', NXT_FIRST_LINK: 'value-2', LEASE_SECONDS: '0', NXT_GRAPHQL_URL: 'value-3' },
    program,
  );
  expect(await host.exited).toBe(1);
  const named = host
    .output()
    .trim()
    .split('\n')
    .map((line) => /^([A-Za-z_]+): ./.exec(line)?.[1]);
  expect(named.sort()).toEqual([
    'AzureWebJobsStorage',
    'LEASE_SECONDS',
    'NXT_COMPANY_NO',
    'NXT_FIRST_LINK',
    'NXT_GRAPHQL_URL',
    'VISMA_CLIENT_ID',
    'VISMA_CLIENT_SECRET',
  ]);
  expect(host.output()).not.toContain('value-');
});

test('in Azure the functions register without settings: health says so, intake refuses, messages are held', async () => {
  const storage = await freshStorageAccount();
  const queue = new QueueClient(storage, 'crm-changes');
  await queue.create();
  await queue.sendMessage(Buffer.from('{"kind":"customer","crmId":"C-1"}').toString('base64'));
  const lines: string[] = [];
  const host = await startFunctionsHost({
    appDir: program,
    environment: { AzureWebJobsStorage: storage },
    port: 0,
    log: (line) => lines.push(line),
  });
  onTestFinished(() => host.stop());
  expect(host.registered).toEqual(
    expect.arrayContaining(['receive-changes', 'apply-change', 'write-back', 'sweep', 'reconcile', 'health']),
  );

  const origin = `http://127.0.0.1:${host.port}/api`;
  const health = await fetch(`${origin}/health`);
  expect([health.status, await health.text()]).toEqual([503, 'unconfigured']);
  const [answer] = await sendChanges({
    url: `${origin}/webhooks/crm`,
    secret: WEBHOOK_SECRET,
    events: [customerChange(1)],
    retries: 0,
  });
  expect([401, 503]).toContain(answer?.status);

  await eventually(() => expect(lines.join('\n')).toMatch(/"outcome":"held","code":"settings.invalid","attempt":1/));
  const { approximateMessagesCount } = await queue.getProperties();
  expect(approximateMessagesCount).toBe(1);
});

test('local.settings.sample.json is all the functions need to start', async () => {
  const sample = z
    .object({ Values: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile('local.settings.sample.json', 'utf8')));
  const settings = { ...sample.Values, AzureWebJobsStorage: await freshStorageAccount() };
  const host = await startHost(program, settings);
  // A storage that is slow because the machine is busy is `degraded` for a while, and a webhook to be sent again.
  await eventually(async () => expect((await fetch(host.healthUrl)).status).toBe(200));

  // The same bytes in chunks, as a CRM behind some proxies sends them, and too many of them.
  const secret = sample.Values['CRM_WEBHOOK_SECRET'] ?? '';
  const post = async (body: string): Promise<number> => {
    const now = new Date();
    const response = await fetch(host.webhookUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign('msg_1', now, body),
      },
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit);
    await response.body?.cancel();
    return response.status;
  };
  await eventually(async () => expect(await post(JSON.stringify(customerEvent('C-1')))).toBe(202));
  expect(await post(JSON.stringify(customerEvent('C-2', { companyName: 'x'.repeat(1024 * 1024) })))).toBe(413);
});
