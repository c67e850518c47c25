import { createHmac, timingSafeEqual } from 'node:crypto';

/** Visma's dispatcher signs every delivery with the key of the application's webhook. */
export const SIGNATURE_HEADER = 'x-vwd-signature-v1';

/**
 * Whether base64(HMAC-SHA256(key, raw body)) with one of the keys is the given signature. The key is the text as Visma's
 * portal shows it. Compares in constant time; no key, no match.
 * @param keys several while one replaces another.
 */
export function isSignedByVisma(body: Uint8Array, signature: string | null, keys: readonly string[]): boolean {
  const given = Buffer.from(signature ?? '');
  return keys
    .map((key) => Buffer.from(createHmac('sha256', key).update(body).digest('base64')))
    .some((expected) => expected.length === given.length && timingSafeEqual(expected, given));
}
