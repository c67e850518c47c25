import type { TableClient, TableServiceClientOptions } from '@azure/data-tables';
import type { QueueClient, StoragePipelineOptions } from '@azure/storage-queue';
import { Failure } from './failure.ts';
import type { Environment } from './settings.ts';

export {
  asStorageFailure,
  isContainerGone,
  isStorageFault,
  storageCall,
  storageStatus,
  type StorageCall,
} from './storage-call.ts';

/** The storage account of the host: the same connection forms, read from the same settings. */
export interface Storage {
  queue(name: string): QueueClient;
  table(name: string): TableClient;
}

/** None of the SDKs' own tries: `storageCall` makes them, with a limit. */
const queueOptions: StoragePipelineOptions = { retryOptions: { maxTries: 1 } };
const tableOptions: TableServiceClientOptions = { retryOptions: { maxRetries: 0 } };

/**
 * Connects with `AzureWebJobsStorage` (a connection string) or with the identity forms
 * `AzureWebJobsStorage__accountName` / `__queueServiceUri`, `__tableServiceUri` and `__clientId`.
 * The SDKs are loaded here, when storage is first needed: they are most of the app's load time.
 */
export async function connectStorage(environment: Environment): Promise<Storage> {
  const [{ TableClient }, { QueueClient, QueueServiceClient }] = await Promise.all([
    import('@azure/data-tables'),
    import('@azure/storage-queue'),
  ]);
  const connection = environment['AzureWebJobsStorage']?.trim();
  if (connection !== undefined && connection !== '') {
    const allowInsecureConnection = /^UseDevelopmentStorage=true|http:\/\//i.test(connection);
    return {
      queue: (name) => new QueueClient(connection, name, queueOptions),
      table: (name) => TableClient.fromConnectionString(connection, name, { ...tableOptions, allowInsecureConnection }),
    };
  }
  const account = environment['AzureWebJobsStorage__accountName'];
  const uri = (service: 'queue' | 'table'): string => {
    const given = environment[`AzureWebJobsStorage__${service}ServiceUri`];
    if (given !== undefined && given !== '') return given;
    if (account !== undefined && account !== '') return `https://${account}.${service}.core.windows.net`;
    throw new Failure('settings.invalid', { detail: `AzureWebJobsStorage__${service}ServiceUri` });
  };
  const { managedIdentity } = await import('./secrets/index.ts');
  const credential = await managedIdentity(
    environment['AzureWebJobsStorage__clientId'] ?? environment['AZURE_CLIENT_ID'],
  );
  const queues = new QueueServiceClient(uri('queue'), credential, queueOptions);
  const tables = uri('table');
  return {
    queue: (name) => queues.getQueueClient(name),
    table: (name) => new TableClient(tables, name, credential, tableOptions),
  };
}
