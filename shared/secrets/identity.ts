import type { TokenCredential } from '@azure/identity';

/** The managed identity of the function app: the user-assigned one with this client id, else the system's. */
export async function managedIdentity(clientId: string | undefined): Promise<TokenCredential> {
  const { ManagedIdentityCredential } = await import('@azure/identity');
  return clientId === undefined || clientId === ''
    ? new ManagedIdentityCredential()
    : new ManagedIdentityCredential({ clientId });
}
