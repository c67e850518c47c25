import type { TableClient, TableServiceClientOptions } from '@azure/data-tables';
import type { QueueClient, StoragePipelineOptions } from '@azure/storage-queue';
import { Failure } from './failure.ts';
import type { Environment } from './settings.ts';

/** The storage account of the host: the same connection forms, read from the same settings. */
export interface Storage {
  queue(name: string): QueueClient;
  table(name: string): TableClient;
}

/** Short: a caller that still wants the answer is a CRM that waits five seconds, or a message that comes again. */
const RETRIES = 2;
const RETRY_DELAY_MS = 200;
const MAX_RETRY_DELAY_MS = 800;

const queueOptions: StoragePipelineOptions = {
  retryOptions: { maxTries: RETRIES + 1, retryDelayInMs: RETRY_DELAY_MS, maxRetryDelayInMs: MAX_RETRY_DELAY_MS },
};
const tableOptions: TableServiceClientOptions = {
  retryOptions: { maxRetries: RETRIES, retryDelayInMs: RETRY_DELAY_MS, maxRetryDelayInMs: MAX_RETRY_DELAY_MS },
};

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
  const connection = environment['AzureWebJobsStorage'];
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

/** HTTP status of a storage error, or null for anything else. */
export function storageStatus(error: unknown): number | null {
  if (!(error instanceof Error) || error.name !== 'RestError') return null;
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 0;
}

/** True when the storage service, not this program, is at fault: unreachable, throttled or broken. */
export function isStorageFault(error: unknown): boolean {
  const status = storageStatus(error);
  if (status !== null) return status === 0 || status === 408 || status === 429 || status >= 500;
  return error instanceof Error && error.name === 'AbortError';
}
