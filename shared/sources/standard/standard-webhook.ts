import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignedRequest } from '../source.ts';

// Standard Webhooks 1.0.0, symmetric signatures:
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

/** How far the sender's clock may be from ours, either way; as in the reference libraries. */
const TOLERANCE_SECONDS = 5 * 60;

interface Proof {
  readonly id: string;
  readonly timestamp: string;
  /** The `v1` signatures, base64. */
  readonly signatures: readonly string[];
}

/** The proof a request carries, or null when it lacks a part, has a malformed one, or is not from the last 5 minutes. */
function readProof({ header }: Pick<SignedRequest, 'header'>, now: Date): Proof | null {
  const id = header('webhook-id') ?? '';
  const timestamp = header('webhook-timestamp') ?? '';
  // A full stop in either would let two different messages have the same signed content.
  if (id === '' || id.includes('.') || !/^\d{1,12}$/.test(timestamp)) return null;
  const seconds = Math.floor(now.getTime() / 1000);
  if (Math.abs(seconds - Number(timestamp)) > TOLERANCE_SECONDS) return null;
  const signatures = (header('webhook-signature') ?? '')
    .split(' ')
    .filter((entry) => entry.startsWith('v1,'))
    .map((entry) => entry.slice('v1,'.length));
  return signatures.length === 0 ? null : { id, timestamp, signatures };
}

/** Whether one of the signatures was made with one of the secrets. Compares in constant time; no secret, no match. */
function matchesProof(proof: Proof, body: Uint8Array, secrets: readonly string[]): boolean {
  const expected = secrets
    .map(toKey)
    .filter((key) => key !== null)
    .map((key) => Buffer.from(sign(key, proof, body)));
  const given = proof.signatures.map((signature) => Buffer.from(signature));
  return expected.some((mine) =>
    given.some((theirs) => mine.length === theirs.length && timingSafeEqual(mine, theirs)),
  );
}

/**
 * Whether a request was signed with one of the `whsec_…` secrets within 5 minutes of now.
 * @param secrets several while one replaces another; malformed or weak ones match nothing.
 */
export function verifyStandardWebhook(request: SignedRequest, secrets: readonly string[], now: Date): boolean {
  const proof = readProof(request, now);
  return proof !== null && matchesProof(proof, request.body, secrets);
}

function sign(key: Buffer, { id, timestamp }: Proof, body: Uint8Array): string {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
}

const PREFIX = 'whsec_';
/** Either alphabet: what makes secrets often writes `-` and `_` for `+` and `/`. */
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric */
const FEWEST_BYTES = 24;
const MOST_BYTES = 64;

/** The secrets in a setting, where they are separated by spaces. Quotation marks that a copy brought along do not count. */
export function splitSecrets(setting: string | null): readonly string[] {
  return (setting ?? '').split(/[\s"'“”‘’]+/).filter((secret) => secret !== '');
}

/** The HMAC key of a `whsec_…` secret: the decoded bytes, not the text. Null for one that is malformed or too weak. */
export function toKey(secret: string): Buffer | null {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  if (!BASE64.test(encoded)) return null;
  const key = Buffer.from(encoded, 'base64');
  return key.length < FEWEST_BYTES || key.length > MOST_BYTES ? null : key;
}

/** What is wrong with the secrets in a setting, never any of them; null for nothing. None at all is no matter of form. */
export function webhookSecretsProblem(setting: string): string | null {
  const secrets = splitSecrets(setting);
  if (secrets.some((secret) => !secret.startsWith(PREFIX))) {
    return 'each must begin with whsec_; several are separated by spaces';
  }
  if (secrets.some((secret) => toKey(secret) === null)) {
    return `each must be whsec_ and ${FEWEST_BYTES} to ${MOST_BYTES} random bytes in base64`;
  }
  return null;
}
