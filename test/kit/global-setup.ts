import { createServer } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startAzurite, type Azurite, type StorageAccount } from '../../local/azurite.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Port on 127.0.0.1 that answers a connection with the connection string of an unused storage account. */
    storageAccountsPort: number;
  }
}

/** Azurite takes any number of accounts; each costs some bytes of its environment. */
const ACCOUNTS: readonly StorageAccount[] = Array.from({ length: 2_000 }, (_, index) => {
  const name = `test${String(index).padStart(4, '0')}`;
  return { name, key: Buffer.from(name).toString('base64') };
});

/**
 * One Azurite for the whole run, started when the first test asks for an account: runs without storage pay nothing. The
 * accounts are handed out from here, each once, since test files run in processes of their own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let azurite: Promise<Azurite> | undefined;
  let used = 0;

  const nextAccount = async (): Promise<string> => {
    azurite ??= startAzurite({ accounts: ACCOUNTS });
    const { connectionStringFor } = await azurite;
    const account = ACCOUNTS[used];
    if (account === undefined) throw new Error('all test storage accounts are used: raise their number');
    used += 1;
    return connectionStringFor(account);
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    nextAccount().then(
      (connectionString) => socket.end(connectionString),
      (error: unknown) => socket.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port for the storage accounts');
  project.provide('storageAccountsPort', address.port);

  return async () => {
    server.close();
    await (await azurite)?.stop();
  };
}
