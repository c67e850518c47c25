import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startAzurite, type Azurite, type StorageAccount } from '../../local/azurite.ts';
import { buildProject, cloneProject } from './program.ts';
import type { Shared } from './run.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Port on 127.0.0.1 where `askRun` asks. */
    runPort: number;
  }
}

/** Azurite takes any number of accounts; each costs some bytes of its environment. */
const ACCOUNTS: readonly StorageAccount[] = Array.from({ length: 2_000 }, (_, index) => {
  const name = `test${String(index).padStart(4, '0')}`;
  return { name, key: Buffer.from(name).toString('base64') };
});

/**
 * One Azurite and one built program for the whole run, made when the first test asks: runs that need neither pay nothing.
 * The accounts are handed out from here, each once, since test files run in processes of their own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let azurite: Promise<Azurite> | undefined;
  let program: Promise<string> | undefined;
  let used = 0;

  const answers: Readonly<Record<Shared, () => Promise<string>>> = {
    async 'storage-account'() {
      azurite ??= startAzurite({ accounts: ACCOUNTS });
      const { connectionStringFor } = await azurite;
      const account = ACCOUNTS[used];
      if (account === undefined) throw new Error('all test storage accounts are used: raise their number');
      used += 1;
      return connectionStringFor(account);
    },
    async program() {
      program ??= cloneProject().then(async (folder) => {
        await buildProject(folder);
        return folder;
      });
      return program;
    },
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (what) => {
      answers[String(what) as Shared]().then(
        (made) => socket.end(JSON.stringify({ made })),
        (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port for the tests to ask at');
  project.provide('runPort', address.port);

  return async () => {
    server.close();
    await (await azurite)?.stop();
    const folder = await program;
    if (folder !== undefined) await rm(folder, { recursive: true });
  };
}
