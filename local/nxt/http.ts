import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Well above what a client of this service sends; the real limit is not known. */
const LARGEST_BODY = 16 * 1024 * 1024;

export class BodyTooLarge extends Error {}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

/** What the gateway in front of the service sends instead of JSON (verified for 401). */
export function sendGatewayPage(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  const titles: Readonly<Record<number, string>> = {
    401: 'Authorization Required',
    429: 'Too Many Requests',
    500: 'Internal Server Error',
    503: 'Service Temporarily Unavailable',
    504: 'Gateway Time-out',
  };
  const title = `${status} ${titles[status] ?? 'Error'}`;
  response.writeHead(status, { 'content-type': 'text/html', ...headers });
  response.end(
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
      '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
  );
}

export function breakConnection(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Resolves when the client has given up. */
export const clientGone = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    if (response.closed) resolve();
    else response.once('close', resolve);
  });

/** Listens on 127.0.0.1 only; the port taken. */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

/** Ends the server at once, open connections too. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
