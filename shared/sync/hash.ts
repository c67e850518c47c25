import { createHmac } from 'node:crypto';

/**
 * Keyed hash of a field's canonical text: recognises an unchanged value without keeping it. 128 bits, base64url.
 * @param key 32 bytes, from Key Vault.
 */
export function createHasher(key: () => Promise<Buffer>): (field: string, text: string) => Promise<string> {
  return async (field, text) =>
    createHmac('sha256', await key())
      .update(`${field}\0${text}`)
      .digest('base64url')
      .slice(0, 22);
}
