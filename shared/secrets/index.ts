export { managedIdentity } from './identity.ts';
export { openKeyVault } from './key-vault.ts';
export { createSecrets, SECRETS, type SecretName, type Secrets } from './secrets.ts';
export { createExpiries, soon, type Expiry } from './expiry.ts';
