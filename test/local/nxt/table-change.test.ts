import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { manualClock } from '../../../local/nxt/index.ts';
import { closeServer, listen, readBody } from '../../../local/nxt/http.ts';
import { startClient } from './client.ts';

const KEY = 'key-of-the-portal';
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** An endpoint that answers with the statuses given, the last of them for ever. */
async function startEndpoint(...statuses: readonly number[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      received.push({ headers: request.headers, text });
      response.writeHead(statuses[received.length - 1] ?? statuses.at(-1) ?? 202).end();
    });
  });
  const port = await listen(server, 0);
  stops.push(() => closeServer(server));
  return { received, url: `http://127.0.0.1:${port}/api/webhooks/nxt` };
}

const bodySchema = z.object({
  tableIdentifier: z.literal('Associate'),
  companyNo: z.number(),
  event: z.string(),
  primaryKeys: z.array(z.record(z.string(), z.number())),
  timestamp: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/u),
  changedByUser: z.string(),
  changedColumns: z.array(z.record(z.string(), z.string())),
});
const bodiesOf = (received: readonly Received[]) => received.map(({ text }) => bodySchema.parse(JSON.parse(text)));

describe('TableChange webhooks', () => {
  it('tell of rows made, changed and deleted, by whom, signed over the raw body', async () => {
    const { received, url } = await startEndpoint(202);
    const clock = manualClock();
    const { sandbox, create, update } = await startClient({ clock, tableChanges: { url, key: KEY } });
    const told = async (count: number) => {
      expect(received).toHaveLength(count - 1);
      clock.advance(50);
      await vi.waitFor(() => expect(received).toHaveLength(count));
    };
    await create([{ name: 'Ny' }]);
    await told(1);
    await update({ associateNo: { _eq: 1 } }, { name: 'Nyere' });
    await told(2);
    sandbox.edit(1, { addressLine1: 'Storgata 5' }, 'KARI');
    await told(3);
    sandbox.edit(1, undefined, 'KARI');
    await told(4);
    expect(bodiesOf(received)).toMatchObject([
      { event: 'INSERT', primaryKeys: [{ AssociateNo: 1 }], changedByUser: sandbox.clientId },
      { event: 'UPDATE', changedByUser: sandbox.clientId },
      { event: 'UPDATE', changedByUser: 'KARI', changedColumns: [{ ChangedTimestamp: '2026-11-21T09:00:00' }, {}] },
      { event: 'DELETE', changedByUser: 'KARI', companyNo: sandbox.companyNo },
    ]);
    for (const { headers, text } of received) {
      expect(headers['x-vwd-signature-v1']).toBe(createHmac('sha256', KEY).update(text).digest('base64'));
      expect(headers['x-vwd-notification-id']).toMatch(/^[\da-f-]{36}$/u);
      expect(headers['x-vwd-event-id']).toMatch(/^[\da-f-]{36}$/u);
    }
    expect(received.map(({ text }) => text).join()).not.toMatch(/Nyere|Storgata/u);
  });

  it('spell the keys as the documentation does, where asked to', async () => {
    const { received, url } = await startEndpoint(202);
    const clock = manualClock();
    const { sandbox } = await startClient({ clock, rows: [{ associateNo: 7 }] });
    sandbox.sendTableChanges({ url, key: KEY, keys: 'camelCase' });
    sandbox.edit(7, { name: 'Ny' });
    clock.advance(50);
    await vi.waitFor(() => expect(received).toHaveLength(1));
    expect(bodiesOf(received)).toMatchObject([{ primaryKeys: [{ associateNo: 7 }] }]);
  });

  it('come again until they are taken, with the ids they had', async () => {
    const { received, url } = await startEndpoint(503, 401, 202);
    const clock = manualClock();
    const { sandbox } = await startClient({ clock, rows: [{ associateNo: 7 }], tableChanges: { url, key: KEY } });
    sandbox.edit(7, { name: 'Ny' });
    const answers = () => sandbox.tableChanges()[0]?.answers;
    for (const [ms, ...expected] of [
      [50, 503],
      [1_000, 503, 401],
      [4_000, 503, 401, 202],
    ] as const) {
      clock.advance(ms);
      await vi.waitFor(() => expect(answers()).toEqual(expected));
    }
    expect(clock.pending()).toBe(0);
    expect(new Set(received.map(({ headers }) => headers['x-vwd-notification-id'])).size).toBe(1);
  });

  it('are given up after four tries, and dropped by a reset', async () => {
    const clock = manualClock();
    const { sandbox } = await startClient({ clock, rows: [{ associateNo: 7 }] });
    // A port that no request gets out to.
    sandbox.sendTableChanges({ url: 'http://127.0.0.1:9/', key: KEY });
    sandbox.edit(7, { name: 'Ny' });
    for (let tries = 1; tries <= 4; tries++) {
      clock.advance(16_000);
      await vi.waitFor(() => expect(sandbox.tableChanges()[0]?.answers).toEqual(Array(tries).fill(null)));
    }
    expect(clock.pending()).toBe(0);
    sandbox.edit(7, { name: 'Nyere' });
    expect(clock.pending()).toBe(1);
    sandbox.reset();
    expect(clock.pending()).toBe(0);
  });

  it('are not sent unless somebody says where to, nor for a write that was refused', async () => {
    const clock = manualClock();
    const { sandbox, create } = await startClient({ clock });
    await create([{ name: 'Ny' }]);
    expect(clock.pending()).toBe(0);
    sandbox.sendTableChanges({ url: 'http://127.0.0.1:9/', key: KEY });
    expect((await create([{ name: 'x'.repeat(99) }])).errors).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });
});

describe('the changed… columns', () => {
  it('are empty until the row is touched, then say who and when in local time', async () => {
    const clock = manualClock();
    const { sandbox, create, read } = await startClient({ clock });
    await create([{ name: 'Ny' }]);
    expect(sandbox.rows()).toMatchObject([
      {
        createdTimestamp: '2026-11-21T09:00:00',
        createdByUser: sandbox.clientId,
        changedTimestamp: '',
        changedByUser: '',
      },
    ]);
    const field = 'associate(filter: { changedTimestamp: { _gte: "2026-11-21T00:00:00" } }) { totalCount }';
    expect(await read(field)).toMatchObject({ totalCount: 0 });
    sandbox.edit(1, { name: 'Nyere' }, 'KARI');
    expect(sandbox.rows()).toMatchObject([
      { changedTimestamp: '2026-11-21T09:00:00', changedDate: 20261121, changedTime: 900, changedByUser: 'KARI' },
    ]);
    expect(await read(field)).toMatchObject({ totalCount: 1 });
  });
});
