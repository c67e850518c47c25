import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { QueueServiceClient, type StoragePipelineOptions } from '@azure/storage-queue';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The client a queue trigger's `connection` names: a connection string, or the identity form `<NAME>__queueServiceUri`
 * or `<NAME>__accountName` with `__credential` and `__clientId`.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#connections
 */
export function queueServiceFor(
  connection: string,
  environment: Environment,
  options: StoragePipelineOptions,
): QueueServiceClient {
  const connectionString = environment[connection] ?? environment[`AzureWebJobs${connection}`];
  if (connectionString !== undefined && connectionString !== '') {
    return QueueServiceClient.fromConnectionString(connectionString, options);
  }
  const part = (name: string): string | undefined => environment[`${connection}__${name}`];
  const account = part('accountName');
  const url =
    part('queueServiceUri') ??
    part('serviceUri') ??
    (account === undefined ? undefined : `https://${account}.queue.core.windows.net`);
  if (url === undefined) {
    throw new Error(`the connection ${connection} is missing: set ${connection} or ${connection}__accountName`);
  }
  return new QueueServiceClient(url, credentialFor(part('credential'), part('clientId')), options);
}

function credentialFor(kind: string | undefined, clientId: string | undefined): TokenCredential {
  if (kind?.toLowerCase() === 'managedidentity') {
    return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  }
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}
