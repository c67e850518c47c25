import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { Failure } from '../failure.ts';
import type { Rows } from '../store/index.ts';
import type { Secrets } from '../secrets/index.ts';

/**
 * Keyed hash of a field's canonical text: recognises an unchanged value without keeping it. 128 bits, base64url.
 * @param key 32 bytes, from Key Vault. A key object: Node makes one of bytes at each call, which costs six times the hash.
 */
export function createHasher(key: () => Promise<KeyObject>): (field: string, text: string) => Promise<string> {
  return async (field, text) =>
    createHmac('sha256', await key())
      .update(`${field}\0${text}`)
      .digest('base64url')
      .slice(0, 22);
}

const BYTES = 32;

interface HashKeyDeps {
  readonly secrets: Pick<Secrets, 'find' | 'get'>;
  /** Where there is a vault, the key comes from it or not at all. */
  readonly hasVault: boolean;
  /** The table `control`. */
  readonly control: Pick<Rows, 'get' | 'insert'>;
}

/**
 * The key of the hashes: from Key Vault; outside Azure, where none is given, made once and kept in the control table for
 * all processes. A process keeps the one it began with. @throws Failure `settings.invalid` for one that is too short to
 * keep anybody from trying out names.
 */
export function createHashKey({ secrets, hasVault, control }: HashKeyDeps): () => Promise<KeyObject> {
  let key: Promise<KeyObject> | null = null;
  const find = async (): Promise<KeyObject> => {
    const given = (await secrets.find('hash-key')) ?? (hasVault ? await secrets.get('hash-key') : null);
    if (given !== null) return decoded(given);
    const at = { partitionKey: 'local', rowKey: 'hash-key' };
    await control.insert(at, { key: randomBytes(BYTES).toString('base64') });
    const made = await control.get(at, (entity) => ({ etag: entity.etag, row: String(entity['key']) }));
    return decoded(made?.row ?? '');
  };
  return () => {
    key ??= find().catch((error: unknown) => {
      key = null;
      throw error;
    });
    return key;
  };
}

function decoded(text: string): KeyObject {
  const key = Buffer.from(text, 'base64');
  if (key.length !== BYTES) throw new Failure('settings.invalid', { detail: `hash-key: ${BYTES} bytes in base64` });
  return createSecretKey(key);
}
