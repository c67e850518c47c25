import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startCrmSimulator } from '../../local/crm/index.ts';
import { startNxtSandbox, type NxtSandbox } from '../../local/nxt/index.ts';
import { writeBack } from '../../shared/crm/index.ts';
import { openEngine, type Engine } from '../../shared/engine.ts';
import { toMessage } from '../../shared/queues/index.ts';
import { parseChanges, type RecordRef } from '../../shared/record/index.ts';
import { QUEUES } from '../../shared/storage-names.ts';
import { connectStorage, type Storage } from '../../shared/storage.ts';
import { acceptChanges, applyChange } from '../../shared/sync/index.ts';
import { organizationNumber } from '../bench/support/records.ts';
import { freshStorageAccount } from '../kit/azurite.ts';
import { customerEvent } from '../kit/events.ts';
import { startStorageProxy, type StorageProxy } from '../kit/storage-proxy.ts';
import { WEBHOOK_SECRET } from '../kit/world.ts';

/*
 * What a change costs in storage operations, the price and the pace of it: every request of the program to its storage
 * account, from the webhook's first to the last delete of a message, the shared budget and the queues' reads included.
 */

const CHANGES = 8;
/** Operations for each of them. */
const MOST = { created: 18, updated: 10, repeated: 4, unchanged: 9 };

let proxy: StorageProxy;
let sandbox: NxtSandbox;
let storage: Storage;
let engine: Engine;
let time = Date.now();

beforeEach(async () => {
  time = Date.now();
  const crm = await startCrmSimulator({ token: 'crm-token' });
  onTestFinished(() => crm.stop());
  proxy = await startStorageProxy(await freshStorageAccount());
  sandbox = await startNxtSandbox();
  const environment = {
    AzureWebJobsStorage: proxy.connectionString,
    CRM_WEBHOOK_SECRET: WEBHOOK_SECRET,
    VISMA_CLIENT_ID: sandbox.clientId,
    VISMA_CLIENT_SECRET: 'sandbox-secret',
    VISMA_TOKEN_URL: sandbox.tokenUrl,
    NXT_GRAPHQL_URL: sandbox.graphqlUrl,
    NXT_COMPANY_NO: String(sandbox.companyNo),
    HASH_KEY: Buffer.alloc(32, 7).toString('base64'),
    CRM_API_URL: crm.origin,
    CRM_API_TOKEN: 'crm-token',
  };
  storage = await connectStorage(environment);
  engine = await openEngine(environment, () => undefined);
  // Tables, queues, columns and token: what is asked for once in a process's life.
  await pass([customerEvent('C-first', { organizationNumber: null })]);
});
afterEach(() => Promise.all([sandbox.stop(), proxy.stop()]));

async function work(queue: string, one: (ref: RecordRef) => Promise<unknown>): Promise<void> {
  const client = storage.queue(queue);
  const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 600 });
  await Promise.all(
    receivedMessageItems.map(async ({ messageId, popReceipt, messageText }) => {
      const ref = toMessage(Buffer.from(messageText, 'base64').toString('utf8'));
      if (!ref) throw new Error('not a message of ours');
      await one(ref);
      await client.deleteMessage(messageId, popReceipt);
    }),
  );
}

/** Webhook, queue, ERP and, where numbers are owed, the CRM; the requests to storage that it took. */
async function pass(events: readonly object[]): Promise<number> {
  time += 60_000;
  const before = proxy.requests('table') + proxy.requests('queue');
  const parsed = parseChanges(events, new Date());
  if (!parsed.ok) throw new Error('a bad event');
  const sync = { ...engine.sync, now: () => time };
  const accepted = await acceptChanges(sync, parsed.changes, 'test');
  if (accepted.some(({ status }) => status === 'queued')) {
    await work(QUEUES.changes, (ref) => applyChange(sync, ref));
    const owed = await engine.queues.depths();
    const asked = Object.values(QUEUES).length;
    if ((owed[QUEUES.writeBacks] ?? 0) > 0) {
      await work(QUEUES.writeBacks, (ref) => writeBack(engine.writeBack, ref));
    }
    // The test's own look at the queues.
    return proxy.requests('table') + proxy.requests('queue') - before - asked;
  }
  return proxy.requests('table') + proxy.requests('queue') - before;
}

const customers = (version: number, data: object = {}, round = 0): readonly object[] =>
  Array.from({ length: CHANGES }, (_, at) => {
    const n = round * CHANGES + at;
    const values = { organizationNumber: organizationNumber(n), companyName: `Kunde ${n}`, ...data };
    return customerEvent(`C-${n}`, values, { version });
  });

describe(`${CHANGES} changes at once cost, each`, () => {
  it('at most 18 operations for a new customer whose numbers go back, 10 for an update, 4 for a repeat', async () => {
    // A machine that is held up shares fewer requests, so that a change costs more: the best of a few rounds counts.
    const rounds: string[] = [];
    for (const round of [0, 1, 2]) {
      const moved = { city: 'Stavern' };
      const created = await pass(customers(1, {}, round));
      expect(sandbox.rows()).toHaveLength((round + 1) * CHANGES + 1);
      const updated = await pass(customers(2, moved, round));
      expect(sandbox.rows().filter(({ postalArea }) => postalArea === 'Stavern')).toHaveLength((round + 1) * CHANGES);
      const repeated = await pass(customers(2, moved, round));
      const unchanged = await pass(customers(3, moved, round));
      const each = { created, updated, repeated, unchanged };
      const tooMany = Object.entries(MOST).filter(([kind, most]) => each[kind as keyof typeof each] / CHANGES > most);
      if (tooMany.length === 0) return;
      rounds.push(JSON.stringify(each));
    }
    expect(rounds, `operations of ${CHANGES} changes, in each round`).toEqual([]);
  });
});

describe('a change that comes alone costs', () => {
  it('the reads of queue, flow and budget as well, and no more', async () => {
    const [one] = customers(1);
    const [two] = customers(2, { city: 'Stavern' });
    if (!one || !two) throw new Error('no events');
    expect(await pass([one])).toBeLessThanOrEqual(22);
    expect(await pass([two])).toBeLessThanOrEqual(12);
  });
});
