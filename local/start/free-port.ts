import { createServer } from 'node:net';

/** The port itself where nothing listens on it, else 0: any free one. */
export async function freePort(preferred: number): Promise<number> {
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(preferred, '127.0.0.1', () => resolve(true));
  });
  if (isFree) await new Promise((resolve) => server.close(resolve));
  return isFree ? preferred : 0;
}
