import type { SecretClient } from '@azure/keyvault-secrets';
import { Failure } from '../failure.ts';
import type { Environment, Settings } from '../settings.ts';

/** Names in Key Vault, and the environment forms used where there is no vault. */
export const SECRETS = {
  'crm-webhook-secret': 'CRM_WEBHOOK_SECRET',
  'visma-client-id': 'VISMA_CLIENT_ID',
  'visma-client-secret': 'VISMA_CLIENT_SECRET',
  'hash-key': 'HASH_KEY',
  'crm-api-token': 'CRM_API_TOKEN',
} as const;

export type SecretName = keyof typeof SECRETS;

export interface Secrets {
  /**
   * The secret's text, or null when there is none. Cached for five minutes.
   * @throws Failure `secrets.unreachable` when the vault does not answer and nothing is cached.
   */
  find(name: SecretName): Promise<string | null>;
  /** As `find`; @throws Failure `secrets.missing` when there is none. */
  get(name: SecretName): Promise<string>;
  /** Forgets what is cached: the other side says that a secret is no longer right. */
  refresh(): void;
}

const CACHE_MS = 5 * 60_000;

export interface SecretsDeps {
  readonly settings: Pick<Settings, 'KEY_VAULT_URL'>;
  readonly environment: Environment;
  readonly now: () => number;
  /** Opens the vault; called once, when the first secret is asked for. */
  readonly vault: (url: string) => Promise<Pick<SecretClient, 'getSecret'>>;
}

export function createSecrets({ settings, environment, now, vault }: SecretsDeps): Secrets {
  const url = settings.KEY_VAULT_URL;
  const find = url === undefined ? fromEnvironment(environment) : fromVault(() => vault(url), now);
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
    find: async (name) => environment[SECRETS[name]] || null,
    refresh: () => undefined,
  };
}

function fromVault(open: () => Promise<Pick<SecretClient, 'getSecret'>>, now: () => number): Finder {
  let client: Promise<Pick<SecretClient, 'getSecret'>> | null = null;
  const cache = new Map<SecretName, { value: Promise<string | null>; until: number; stale: string | null }>();

  const fetchSecret = async (name: SecretName, stale: string | null): Promise<string | null> => {
    try {
      client ??= open();
      const secret = await (await client).getSecret(name);
      return secret.value ?? null;
    } catch (error) {
      if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return null;
      // A vault that is away for a moment must not stop what worked until now.
      if (stale !== null) return stale;
      throw new Failure('secrets.unreachable', { detail: name });
    }
  };

  return {
    async find(name) {
      const cached = cache.get(name);
      if (cached && cached.until > now()) return cached.value;
      const stale = cached ? await cached.value.catch(() => null) : null;
      const value = fetchSecret(name, stale);
      cache.set(name, { value, until: now() + CACHE_MS, stale });
      value.catch(() => cache.delete(name));
      return value;
    },
    refresh() {
      for (const entry of cache.values()) entry.until = 0;
    },
  };
}
