import type { SecretClient } from '@azure/keyvault-secrets';
import { SECRETS, type SecretName } from './secrets.ts';

/** A secret of the vault and when it expires, ISO 8601, UTC. */
export interface Expiry {
  readonly name: SecretName;
  readonly at: string;
}

interface ExpiryDeps {
  readonly url: string | undefined;
  readonly vault: (url: string) => Promise<Pick<SecretClient, 'getSecret'>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A date in the vault changes a few times a year. */
const KEPT_MS = 3_600_000;
const LIMIT_MS = 4_000;

/**
 * When the vault's secrets expire, as far as somebody gave them a date; null where there is no vault, or where it does not
 * answer: that is another check's to say.
 */
export function createExpiries({ url, vault, now }: ExpiryDeps): () => Promise<readonly Expiry[] | null> {
  let known: { readonly expiries: readonly Expiry[] | null; readonly until: number } | null = null;
  return async () => {
    if (url === undefined) return null;
    if (known && known.until > now()) return known.expiries;
    const expiries = await read(url, vault).catch(() => null);
    known = { expiries, until: now() + (expiries === null ? KEPT_MS / 60 : KEPT_MS) };
    return expiries;
  };
}

async function read(url: string, vault: ExpiryDeps['vault']): Promise<readonly Expiry[]> {
  const client = await vault(url);
  const names = Object.keys(SECRETS) as SecretName[];
  const abortSignal = AbortSignal.timeout(LIMIT_MS);
  const found = await Promise.all(
    names.map(async (name): Promise<Expiry | null> => {
      // One that is missing or disabled has no date; its absence is said elsewhere.
      const secret = await client.getSecret(name, { abortSignal }).catch(() => null);
      const at = secret?.properties.expiresOn?.toISOString();
      return at === undefined ? null : { name, at };
    }),
  );
  return found.filter((each) => each !== null);
}

const SOON_MS = 30 * 86_400_000;

/** Those that expire within thirty days, or have. */
export const soon = (expiries: readonly Expiry[], now: number): readonly Expiry[] =>
  expiries.filter(({ at }) => Date.parse(at) < now + SOON_MS);
