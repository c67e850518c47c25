import type { SecretClient } from '@azure/keyvault-secrets';
import { managedIdentity } from './identity.ts';

/** Opens a vault with the managed identity. */
export async function openKeyVault(url: string, clientId: string | undefined): Promise<SecretClient> {
  const { SecretClient } = await import('@azure/keyvault-secrets');
  return new SecretClient(url, await managedIdentity(clientId), {
    // A call has two seconds in all (vault-cache.ts).
    retryOptions: { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 800 },
  });
}
