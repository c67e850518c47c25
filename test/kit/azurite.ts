import { beforeAll } from 'vitest';
import { askRun } from './run.ts';

/**
 * The connection string of a storage account nobody else uses, on the run's one Azurite: fixed names such as crm-changes
 * do not collide between tests. The first call of a run waits until Azurite is up.
 */
export const freshStorageAccount = (): Promise<string> => askRun('storage-account');

/** One account for the tests of this file or `describe`; its connection string is there once they run. */
export function useAzurite(): { readonly connectionString: string } {
  let connectionString: string | undefined;
  beforeAll(async () => {
    connectionString = await freshStorageAccount();
  });
  return {
    get connectionString() {
      if (connectionString === undefined) throw new Error('read it inside a test or a hook');
      return connectionString;
    },
  };
}
