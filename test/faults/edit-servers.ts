import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { MemoryCrm } from './memory-crm.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A server of the campaign's own on this machine. */
export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** A CRM whose answers are lost after a second, on the clock of this machine. */
export function realCrm(random: SeededRandom, hasVersions: boolean): MemoryCrm {
  const sleep = (ms: number): Promise<void> => delay(ms);
  const crm = new MemoryCrm({ now: Date.now, sleep, hop: () => sleep(random.below(20)) }, random, hasVersions);
  crm.timeoutMs = 1_000;
  return crm;
}

/** The CRM's API over HTTP: an answer that is lost is a connection that breaks. */
export function serveCrm(crm: MemoryCrm): Promise<Served> {
  return serve((request, body, answer) => {
    const { method = 'GET', headers, url = '/' } = request;
    const sent = Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
    crm
      .fetch(`${MemoryCrm.url}${url}`, { method, headers: sent, ...(method !== 'GET' && { body: body.toString() }) })
      .then(
        async (response) => answer(response.status, await response.text()),
        () => request.destroy(),
      );
  });
}

/** Visma's dispatcher, before the hosts: what it tells arrives once, twice, late or never, at whichever host is up. */
export function serveHints(random: SeededRandom, origins: () => readonly string[]): Promise<Served> {
  return serve((request, body, answer) => {
    const forward = async (): Promise<void> => {
      await delay(random.below(2_000));
      const up = origins();
      if (up.length === 0) return;
      const signature = String(request.headers['x-vwd-signature-v1'] ?? '');
      const headers = { 'content-type': 'application/json', 'x-vwd-signature-v1': signature };
      const url = `${random.pick(up)}/api/webhooks/nxt`;
      // A host that dies meanwhile has not heard it; the poll finds what it told of.
      await fetch(url, { method: 'POST', headers, body: body.toString() }).catch(() => null);
    };
    const times = random.chance(0.25) ? 0 : random.chance(0.2) ? 2 : 1;
    for (let n = 0; n < times; n += 1) void forward();
    answer(202, '');
  });
}

type Answer = (status: number, body: string) => void;

async function serve(handle: (request: IncomingMessage, body: Buffer, answer: Answer) => void): Promise<Served> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      handle(request, Buffer.concat(chunks), (status, body) => response.writeHead(status).end(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
