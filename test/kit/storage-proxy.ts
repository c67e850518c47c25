import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a service does instead of answering: nothing at all, or an error of storage's own. */
export type StorageFault =
  | { readonly is: 'hangs' }
  | { readonly is: 'resets' }
  | {
      readonly is: 'answers';
      readonly status: number;
      readonly code: string;
      readonly headers?: Record<string, string>;
    };

export interface StorageProxy {
  /** The connection string of the account, through the proxy. */
  readonly connectionString: string;
  /** From now on; null: all is well again. What hangs is cut off then. */
  fault(service: 'table' | 'queue', fault: StorageFault | null): void;
  /** Requests to the service since the last call of `fault`. */
  requests(service: 'table' | 'queue'): number;
  stop(): Promise<void>;
}

/** Stands between a program and its storage account, which stays reachable behind it. */
export async function startStorageProxy(connectionString: string): Promise<StorageProxy> {
  const parts = new Map(connectionString.split(';').map((part) => splitAt(part)));
  const services = {
    table: await startService(parts.get('TableEndpoint') ?? ''),
    queue: await startService(parts.get('QueueEndpoint') ?? ''),
  };
  parts.set('TableEndpoint', services.table.url);
  parts.set('QueueEndpoint', services.queue.url);
  return {
    connectionString: [...parts].map(([name, value]) => `${name}=${value}`).join(';'),
    fault: (service, fault) => services[service].set(fault),
    requests: (service) => services[service].count(),
    stop: async () => {
      await Promise.all(Object.values(services).map((service) => service.stop()));
    },
  };
}

const splitAt = (part: string): [string, string] => {
  const at = part.indexOf('=');
  return [part.slice(0, at), part.slice(at + 1)];
};

async function startService(endpoint: string) {
  const target = new URL(endpoint);
  const hanging = new Set<ServerResponse>();
  let fault: StorageFault | null = null;
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    if (fault === null) pass(target, request, response);
    else if (fault.is === 'hangs') hanging.add(response);
    else if (fault.is === 'resets') request.socket.destroy();
    else {
      const { status, code, headers } = fault;
      request.resume();
      response.writeHead(status, { 'content-type': 'application/json', 'x-ms-error-code': code, ...headers });
      response.end(JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: code } } }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${target.pathname}`,
    set(next: StorageFault | null) {
      fault = next;
      count = 0;
      for (const response of hanging) response.destroy();
      hanging.clear();
    },
    count: () => count,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass({ hostname, port }: URL, request: IncomingMessage, response: ServerResponse): void {
  const onward = send(
    { hostname, port, method: request.method, path: request.url, headers: request.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}
