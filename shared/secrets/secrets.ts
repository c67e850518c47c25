import type { SecretClient } from '@azure/keyvault-secrets';
import { Failure } from '../failure.ts';
import type { Environment, Settings } from '../settings.ts';
import { createVaultCache } from './vault-cache.ts';

/** Names in Key Vault, and the environment forms used where there is no vault. */
export const SECRETS = {
  'crm-webhook-secret': 'CRM_WEBHOOK_SECRET',
  'visma-client-id': 'VISMA_CLIENT_ID',
  'visma-client-secret': 'VISMA_CLIENT_SECRET',
  'hash-key': 'HASH_KEY',
  'crm-api-token': 'CRM_API_TOKEN',
  'nxt-webhook-key': 'NXT_WEBHOOK_KEY',
  'superoffice-client-secret': 'SUPEROFFICE_CLIENT_SECRET',
  'superoffice-system-user-token': 'SUPEROFFICE_SYSTEM_USER_TOKEN',
  'superoffice-private-key': 'SUPEROFFICE_PRIVATE_KEY',
} as const;

export type SecretName = keyof typeof SECRETS;

export interface Secrets {
  /**
   * The secret's text without blanks around it, or null when there is none (or the vault does not give it out). What is
   * known is given at once, renewed after five minutes, and given for an hour at most when it cannot be renewed.
   * @throws Failure `secrets.unreachable` when the vault does not answer and nothing is known.
   */
  find(name: SecretName): Promise<string | null>;
  /** As `find`; @throws Failure `secrets.missing` when there is none. */
  get(name: SecretName): Promise<string>;
  /** Forgets what is cached: the other side says that a secret is no longer right. */
  refresh(): void;
}

export interface SecretsDeps {
  readonly settings: Pick<Settings, 'KEY_VAULT_URL'>;
  readonly environment: Environment;
  readonly now: () => number;
  /** Opens the vault; called once, when the first secret is asked for. */
  readonly vault: (url: string) => Promise<Pick<SecretClient, 'getSecret'>>;
}

export function createSecrets({ settings, environment, now, vault }: SecretsDeps): Secrets {
  const url = settings.KEY_VAULT_URL;
  const find = url === undefined ? fromEnvironment(environment) : createVaultCache(() => vault(url), now);
  return {
    find: find.find,
    async get(name) {
      const value = await find.find(name);
      if (value === null) throw new Failure('secrets.missing', { detail: url === undefined ? SECRETS[name] : name });
      return value;
    },
    refresh: find.refresh,
  };
}

type Finder = Pick<Secrets, 'find' | 'refresh'>;

function fromEnvironment(environment: Environment): Finder {
  return {
    find: async (name) => environment[SECRETS[name]]?.trim() || null,
    refresh: () => undefined,
  };
}
