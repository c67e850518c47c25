import { createServer, type IncomingMessage } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { consoleAssets } from '../../infra/console-assets.ts';
import { openConsole } from '../../shared/console/index.ts';
import type { World } from '../kit/world.ts';
import { principal, SIGN_IN_ON } from '../shared/console/site.ts';

export interface Served extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/api/ops`. */
  readonly url: string;
}

/** The console of a world for a real browser, with somebody signed in, and the style sheet and script of the build. */
export async function serveConsole(world: World): Promise<Served> {
  const folder = await mkdtemp(path.join(tmpdir(), 'console-'));
  for (const { name, bytes } of await consoleAssets()) await writeFile(path.join(folder, name), bytes);
  const bugs: unknown[] = [];
  const answer = openConsole(world.engine, {
    environment: SIGN_IN_ON,
    folder,
    onBug: (error) => bugs.push(error),
  });
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const response = await answer(await toRequest(incoming), 'sign-in');
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/api/ops`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
      if (bugs.length > 0) throw bugs[0];
    },
  };
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) if (typeof value === 'string') headers.set(name, value);
  headers.set('x-ms-client-principal', principal());
  const url = `http://${incoming.headers.host ?? ''}${incoming.url ?? '/'}`;
  if (incoming.method === 'GET') return new Request(url, { headers });
  return new Request(url, { method: incoming.method ?? 'POST', headers, body: await buffer(incoming) });
}
