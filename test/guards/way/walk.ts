import { Session } from 'node:inspector/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { QueueClient } from '@azure/storage-queue';
import { Webhook } from 'standardwebhooks';
import { handleChange, handleWriteBack } from '../../../functions/handlers/messages.ts';
import { handle as receive } from '../../../functions/handlers/receive-changes.ts';
import { QUEUES } from '../../../shared/storage-names.ts';
import { customerEvent } from '../../kit/events.ts';

/*
 * One new customer through the three functions, in a process of its own: prints as JSON which functions of which files were
 * called on the way, as V8 counts them. The first customer is not counted: what happens once in a process's life, as the
 * reading of settings or the ERP's schema, is no step on the way of a change.
 */

const ROOT = path.resolve(import.meta.dirname, '../../..');
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

const context = (triggerMetadata = {}) =>
  new InvocationContext({
    functionName: 'way',
    invocationId: 'way',
    triggerMetadata,
    logHandler: (_level, ...line) => process.stderr.write(`${line.join(' ')}\n`),
  });

async function receiveOne(event: object, id: string): Promise<void> {
  const body = JSON.stringify([event]);
  const now = new Date();
  const request = new HttpRequest({
    method: 'POST',
    url: 'http://127.0.0.1/api/webhooks/crm',
    params: { source: 'crm' },
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(process.env['CRM_WEBHOOK_SECRET'] ?? '').sign(id, now, body),
    },
    body: { string: body },
  });
  const { status } = await receive(request, context());
  if (status !== 202) throw new Error(`the webhook was answered with ${status}`);
}

async function handleOne(queue: string, handle: typeof handleChange): Promise<void> {
  const client = new QueueClient(process.env['AzureWebJobsStorage'] ?? '', queue);
  const [message] = (await client.receiveMessages({ visibilityTimeout: 600 })).receivedMessageItems;
  if (!message) throw new Error(`nothing in ${queue}`);
  await handle(JSON.parse(Buffer.from(message.messageText, 'base64').toString('utf8')), context({ dequeueCount: 1 }));
  await client.deleteMessage(message.messageId, message.popReceipt);
}

/** Files of the program, each with the functions that were called since this was last asked. */
async function called(): Promise<Record<string, readonly string[]>> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const files = result.flatMap(({ url, functions }) => {
    const file = url.startsWith('file://') ? path.relative(ROOT, fileURLToPath(url)) : '';
    if (!/^(shared|functions)\//.test(file)) return [];
    const names = functions
      .filter(({ ranges: [whole] }) => whole && whole.count > 0)
      .map(({ functionName, ranges: [whole] }) => functionName || `at ${whole?.startOffset}`);
    return names.length === 0 ? [] : [[file, names] as const];
  });
  return Object.fromEntries(files);
}

async function walk(n: number): Promise<Record<string, Record<string, readonly string[]>>> {
  const event = customerEvent(`C-${n}`, { organizationNumber: null, companyName: `Kunde ${n} AS` });
  await called();
  await receiveOne(event, `msg_${n}`);
  const intake = await called();
  await handleOne(QUEUES.changes, handleChange);
  const apply = await called();
  await handleOne(QUEUES.writeBacks, handleWriteBack);
  return { intake, apply, writeBack: await called() };
}

await walk(1);
process.stdout.write(`${JSON.stringify(await walk(2))}\n`);
process.exit(0);
