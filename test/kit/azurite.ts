import { connect } from 'node:net';
import { beforeAll, inject } from 'vitest';

/**
 * The connection string of a storage account nobody else uses, on the run's one Azurite: fixed names such as crm-changes
 * do not collide between tests. The first call of a run waits until Azurite is up.
 */
export async function freshStorageAccount(): Promise<string> {
  const socket = connect(inject('storageAccountsPort'), '127.0.0.1');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  if (answer === '') throw new Error('no storage account: did Azurite start?');
  return answer;
}

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
