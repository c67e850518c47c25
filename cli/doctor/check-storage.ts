import { Failure } from '../../shared/failure.ts';
import type { Engine } from '../../shared/engine.ts';
import { isStorageFault, storageStatus } from '../../shared/storage.ts';
import { bad, ok, type Check } from './check.ts';

/** Each look makes the queue or table where it is missing, as the functions do at their first use. */
export async function checkStorage({ sync, control }: Engine): Promise<readonly Check[]> {
  const anyRecord = sync.ledger.shards[0] ?? '';
  return Promise.all([
    look('storage: queues', 'Storage Queue Data Contributor', async () => {
      await sync.queues.depths();
    }),
    look('storage: tables', 'Storage Table Data Contributor', async () => {
      await control.get({ partitionKey: 'doctor', rowKey: 'none' }, ({ etag }) => ({ etag, row: null }));
      await sync.audit.list(1);
      await sync.ledger.list(anyRecord, ['failed'])[Symbol.asyncIterator]().next();
    }),
  ]);
}

async function look(name: string, role: string, work: () => Promise<void>): Promise<Check> {
  try {
    await work();
    return ok(name, 'reachable');
  } catch (error) {
    const status = storageStatus(error);
    if (status === 401 || status === 403) {
      return bad(name, `refused (HTTP ${status})`, `give the identity the role ${role} on the storage account`);
    }
    if (status !== null || isStorageFault(error) || error instanceof Failure) {
      return bad(
        name,
        'not reachable',
        'check AzureWebJobsStorage or AzureWebJobsStorage__accountName, and the network',
      );
    }
    throw error;
  }
}
