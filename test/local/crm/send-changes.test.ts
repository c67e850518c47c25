import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { type CrmEvent, sendChanges } from '../../../local/crm/index.ts';
import { closeServer, listen, readBody } from '../../../local/nxt/http.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const event = (id: string): CrmEvent => ({
  id,
  type: 'customer.created',
  occurredAt: '2026-11-21T08:00:00Z',
  data: { crmId: id, companyName: 'Brygga Ås AS' },
});

let server: Server | undefined;

afterEach(async () => {
  if (server !== undefined) await closeServer(server);
});

interface Received {
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** A receiver that answers with the statuses given, then 202; 0 breaks the connection. */
async function receiver(statuses: readonly number[] = [], headers: Record<string, string> = {}) {
  const left = [...statuses];
  const received: Received[] = [];
  const load = { now: 0, most: 0 };
  server = createServer((request, response) => {
    load.most = Math.max(load.most, ++load.now);
    void readBody(request).then((body) => {
      received.push({
        body,
        headers: Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)])),
      });
      load.now--;
      const status = left.shift() ?? 202;
      if (status === 0) request.socket.destroy();
      else response.writeHead(status, headers).end('{"accepted":[]}');
    });
  });
  const waits: number[] = [];
  const wait = async (ms: number) => {
    waits.push(ms);
  };
  return { url: `http://127.0.0.1:${await listen(server, 0)}`, received, waits, wait, load, secret: SECRET };
}

describe('sendChanges', () => {
  it('signs each request by the Standard Webhooks rules', async () => {
    const { received, ...to } = await receiver();
    await sendChanges({ ...to, events: [event('a')] });
    const [first] = received;
    expect(new Webhook(SECRET).verify(first?.body ?? '', first?.headers ?? {})).toEqual(event('a'));
    const wrong = new Webhook(`whsec_${Buffer.alloc(24, 8).toString('base64')}`);
    expect(() => wrong.verify(first?.body ?? '', first?.headers ?? {})).toThrow('No matching signature');
  });

  it('sends in order, an inner list as one request, and returns the answers in that order', async () => {
    const { received, ...to } = await receiver([202, 400]);
    const answers = await sendChanges({ ...to, events: [event('a'), [event('b'), event('c')]] });
    expect(received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([event('a'), [event('b'), event('c')]]);
    expect(answers).toMatchObject([
      { status: 202, attempts: 1, body: { accepted: [] } },
      { status: 400, attempts: 1 },
    ]);
  });

  it.each([0, 429, 500, 503])('tries again after %i with the same message id and payload', async (status) => {
    const { received, waits, ...to } = await receiver([status, status]);
    const answers = await sendChanges({ ...to, events: [event('a')], pauseMs: (attempt) => attempt * 10 });
    expect(answers).toMatchObject([{ status: 202, attempts: 3 }]);
    expect(waits).toEqual([10, 20]);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  it('signs each try with the time of that try', async () => {
    const { received, ...to } = await receiver([503]);
    let seconds = 1_000_000_000;
    await sendChanges({ ...to, events: [event('a')], now: () => new Date(1000 * (seconds += 400)) });
    expect(received.map(({ headers }) => headers['webhook-timestamp'])).toEqual(['1000000400', '1000000800']);
  });

  it('waits as long as the answer asks for', async () => {
    const { waits, ...to } = await receiver([503], { 'retry-after': '7' });
    await sendChanges({ ...to, events: [event('a')] });
    expect(waits).toEqual([7000]);
  });

  it('gives up after the tries it has', async () => {
    const { received, ...to } = await receiver([500, 500, 500]);
    expect(await sendChanges({ ...to, events: [event('a')], retries: 1 })).toMatchObject([
      { status: 500, attempts: 2 },
    ]);
    expect(received).toHaveLength(2);
  });

  it.each([400, 401, 413])('does not try again after %i', async (status) => {
    const { received, ...to } = await receiver([status]);
    expect(await sendChanges({ ...to, events: [event('a')] })).toMatchObject([{ status, attempts: 1 }]);
    expect(received).toHaveLength(1);
  });

  it('keeps one request in flight unless told otherwise, and sends each event once', async () => {
    const events = Array.from({ length: 20 }, (_, n) => event(`e${n}`));
    const single = await receiver();
    await sendChanges({ ...single, events });
    expect(single.load.most).toBe(1);
    if (server !== undefined) await closeServer(server);
    const wide = await receiver();
    const answers = await sendChanges({ ...wide, events, inFlight: 4 });
    expect(answers).toHaveLength(20);
    expect(new Set(wide.received.map(({ body }) => body)).size).toBe(20);
    expect(wide.load.most).toBeLessThanOrEqual(4);
  });
});
