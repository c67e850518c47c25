import type { SecretClient } from '@azure/keyvault-secrets';
import { Failure } from '../failure.ts';
import { withLimit } from '../limit.ts';

/** Milliseconds. */
const FRESH_MS = 5 * 60_000;
/** A secret that is missing is what somebody may be putting in place just now. */
const MISSING_MS = 60_000;
/** So long a value serves that cannot be read again: an outage of the vault stops nothing, a lost right does in the end. */
const STALE_MS = 60 * 60_000;
/** After a vault that did not answer, nobody asks it again for so long, however many want to know. */
const QUIET_MS = 5_000;
/** A caller that waits for the vault is a CRM that waits for its answer. */
const CALL_MS = 2_000;

export interface VaultCache {
  /** The secret, or null when there is none. @throws Failure `secrets.unreachable` */
  find(name: string): Promise<string | null>;
  /** The other side says that the secrets are wrong: none is served again before the vault was asked. */
  refresh(): void;
}

type Vault = Pick<SecretClient, 'getSecret'>;

interface Entry {
  value: string | null;
  /** When the vault said so; -Infinity before it ever did. */
  readAt: number;
  isDistrusted: boolean;
  failedAt: number;
  /** The call on its way; there is never more than one for a secret. */
  asking: Promise<void> | null;
}

/**
 * Secrets of a vault: a known one is given at once and renewed behind the caller's back, one that is not known is asked
 * for by one call however many wait for it, and every call has a limit.
 */
export function createVaultCache(open: () => Promise<Vault>, now: () => number, callMs = CALL_MS): VaultCache {
  let vault: Promise<Vault> | null = null;
  const entries = new Map<string, Entry>();

  const read = async (name: string, abortSignal: AbortSignal): Promise<string | null> => {
    vault ??= open();
    try {
      const { value } = await (await vault).getSecret(name, { abortSignal });
      // What a copy or a file put around a secret, blanks and line breaks, is no part of it.
      return value?.trim() || null;
    } catch (error) {
      if (isRefused(error)) return null;
      throw error;
    }
  };

  /** Asks unless that is under way; an answer that does not come leaves what is known as it was. */
  const ask = (name: string, entry: Entry): Promise<void> => {
    entry.asking ??= withLimit(callMs, (abortSignal) => read(name, abortSignal))
      .then((value) => {
        Object.assign(entry, { value, readAt: now(), isDistrusted: false, failedAt: -Infinity });
      })
      .catch(() => {
        entry.failedAt = now();
        // It may be the opening that failed, or hangs.
        vault = null;
      })
      .finally(() => {
        entry.asking = null;
      });
    return entry.asking;
  };

  return {
    async find(name) {
      const entry = entries.get(name) ?? newEntry();
      entries.set(name, entry);
      const age = now() - entry.readAt;
      const isFresh = age < (entry.value === null ? MISSING_MS : FRESH_MS) && !entry.isDistrusted;
      if (isFresh) return entry.value;
      const isQuiet = now() - entry.failedAt < QUIET_MS;
      const serves = entry.value !== null && age < STALE_MS;
      const asking = isQuiet ? null : ask(name, entry);
      if (serves && !entry.isDistrusted) return entry.value;
      await asking;
      const isKnown = now() - entry.readAt < (entry.value === null ? MISSING_MS : STALE_MS);
      if (isKnown) return entry.value;
      throw new Failure('secrets.unreachable', { detail: name, retryAfterMs: QUIET_MS });
    },
    refresh() {
      for (const entry of entries.values()) entry.isDistrusted = true;
    },
  };
}

const newEntry = (): Entry => ({
  value: null,
  readAt: -Infinity,
  isDistrusted: false,
  failedAt: -Infinity,
  asking: null,
});

/** Not there, disabled, expired, or not for this identity: a person must mend it, and waiting does not help. */
const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'statusCode' in error && (error.statusCode === 404 || error.statusCode === 403);
