import { createServer } from 'node:net';

/** The port itself where nothing listens on it, else 0: any free one. */
async function freePort(preferred: number): Promise<number> {
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(preferred, '127.0.0.1', () => resolve(true));
  });
  if (isFree) await new Promise((resolve) => server.close(resolve));
  return isFree ? preferred : 0;
}

/**
 * Starts something on the ports it is known by, where they are free; on any free ones where they are taken, also where
 * another program takes one in the moment between looking and starting.
 */
export async function onFreePorts<T>(
  preferred: readonly number[],
  start: (ports: readonly number[]) => Promise<T>,
): Promise<T> {
  try {
    return await start(await Promise.all(preferred.map(freePort)));
  } catch (error) {
    if (!String(error).includes('EADDRINUSE')) throw error;
    return start([]);
  }
}
