import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { SeededRandom } from './seeded-random.ts';
import type { HistoryEvent } from './history.ts';

/** A CRM waits so long for an answer, and then sends again. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = [100, 400, 1_000, 2_000];

export interface SentRequest<Event = HistoryEvent> {
  readonly at: number;
  readonly events: readonly Event[];
  readonly tries: number;
  /** `queued`, `repeated`, … per event. */
  readonly statuses: readonly string[];
}

export interface SendOptions {
  readonly secret: string;
  readonly random: SeededRandom;
  /** Addresses of the hosts that are up. */
  readonly origins: () => readonly string[];
}

/** Sends one signed request until it is answered 202, as a CRM does; another host may answer the next try. */
export async function deliver<Event extends { readonly json: object }>(
  events: readonly Event[],
  options: SendOptions,
): Promise<SentRequest<Event>> {
  const id = `msg_${randomUUID()}`;
  const body = JSON.stringify(events.map(({ json }) => json));
  for (let tries = 1; ; tries += 1) {
    const origins = options.origins();
    if (origins.length > 0) {
      const response = await post(options.random.pick(origins), id, body, options.secret);
      if (response?.status === 202) {
        const { accepted } = response.answer as { accepted: { status: string; code?: string }[] };
        return { at: Date.now(), events, tries, statuses: accepted.map(({ status }) => status) };
      }
      if (response && response.status >= 400 && response.status < 500) {
        throw new Error(`the webhook answered ${response.status}: ${JSON.stringify(response.answer)}`);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS[Math.min(tries, PAUSE_MS.length) - 1]));
  }
}

async function post(origin: string, id: string, body: string, secret: string) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  try {
    const response = await fetch(`${origin}/api/webhooks/crm`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const answer: unknown = await response.json();
    return { status: response.status, answer };
  } catch {
    return null;
  }
}

export interface CrmApi {
  readonly url: string;
  /** What the CRM was told last, by `customer|C-1`. */
  readonly numbers: ReadonlyMap<string, Readonly<Record<string, number | null>>>;
  readonly calls: number;
  stop(): Promise<void>;
}

/** The CRM's side of the write-back; `faulty` says when it fails. */
export async function startCrmApi(faulty: () => boolean): Promise<CrmApi> {
  const numbers = new Map<string, Record<string, number | null>>();
  let calls = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls += 1;
      const [, kinds = '', crmId = ''] = (request.url ?? '').split('/');
      if (faulty()) {
        response.writeHead(503).end();
        return;
      }
      numbers.set(
        `${kinds.slice(0, -1)}|${decodeURIComponent(crmId)}`,
        JSON.parse(Buffer.concat(chunks).toString()) as Record<string, number | null>,
      );
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    numbers,
    get calls() {
      return calls;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
