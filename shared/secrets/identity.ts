import type { TokenCredential } from '@azure/identity';

/**
 * Who the program is towards Azure: in a function app its managed identity (the user-assigned one with this client id,
 * else the system's); on a developer's machine, where the platform gives no identity, whoever is signed in with `az`.
 */
export async function managedIdentity(clientId: string | undefined): Promise<TokenCredential> {
  const { AzureCliCredential, ManagedIdentityCredential } = await import('@azure/identity');
  const isOnPlatform = Boolean(process.env['IDENTITY_ENDPOINT'] ?? process.env['MSI_ENDPOINT']);
  if (!isOnPlatform) return new AzureCliCredential();
  return clientId === undefined || clientId === ''
    ? new ManagedIdentityCredential()
    : new ManagedIdentityCredential({ clientId });
}
