import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { connectStorage } from '../../../shared/storage.ts';
import { QUEUES, TABLES } from '../../../shared/storage-names.ts';
import { answerUsage, serve } from './usage.ts';

/**
 * What the intake cannot do without: for each request two reads of rows that are not there, one insert and one queue
 * message, with the same SDKs, options and payload sizes. No signature, no parsing, no functions.
 */

const storage = await connectStorage(process.env);
const table = storage.table(TABLES.records);
const queue = storage.queue(QUEUES.changes);
await table.createTable();
await queue.createIfNotExists();

const read = (partitionKey: string, rowKey: string) => table.getEntity(partitionKey, rowKey).catch(() => null);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const id = randomUUID();
    const partitionKey = `s${String(id.charCodeAt(0) % 16).padStart(2, '0')}`;
    void Promise.all([read(partitionKey, `pending|${id}`), read(partitionKey, `state|${id}`)])
      .then(() =>
        table.createEntity({
          partitionKey,
          rowKey: `pending|${id}`,
          kind: 'customer',
          crmId: id,
          key: '{"version":1,"occurredAt":"2026-11-01T08:00:00.000Z","eventId":"evt-1"}',
          seen: '["evt-1"]',
          body: Buffer.concat(chunks).toString('utf8'),
          revision: id,
          receivedAt: '2026-11-01T08:00:00.000Z',
          dueAt: '2026-11-01T08:01:00.000Z',
          notBefore: '',
          status: 'due',
          failure: '',
          attempts: 0,
          waitingSince: '',
          expired: false,
          released: false,
          traceId: id,
        }),
      )
      .then(() =>
        queue.sendMessage(Buffer.from(JSON.stringify({ kind: 'customer', crmId: id })).toString('base64'), {
          messageTimeToLive: -1,
        }),
      )
      .then(
        () => response.writeHead(202).end('{}'),
        () => response.writeHead(503).end(),
      );
  });
});
serve(server);
answerUsage();
