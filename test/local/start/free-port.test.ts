import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { onFreePorts } from '../../../local/start/free-port.ts';

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

test('a port that another program takes between looking and starting is no obstacle', async () => {
  const known = await listen(0);
  const port = portOf(known);
  await new Promise((resolve) => known.close(resolve));
  const asked: (readonly number[])[] = [];
  const others: Server[] = [];
  const mine = await onFreePorts([port], async (ports) => {
    asked.push(ports);
    if (asked.length === 1) others.push(await listen(port));
    return listen(ports[0] ?? 0);
  });
  expect(asked).toEqual([[port], []]);
  expect(portOf(mine)).not.toBe(port);
  for (const server of [mine, ...others]) server.close();
});

test('what fails otherwise fails', async () => {
  await expect(onFreePorts([0], async () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
});
