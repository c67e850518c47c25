import { createHash, createHmac } from 'node:crypto';
import { sameText } from '../same-text.ts';
import type { SignedRequest } from '../source.ts';
import type { HmacProof, Proof, SignedPart } from './schema.ts';
import { toIso } from '../time.ts';

/** Whether a request proves that it comes from the CRM. A part of the proof that is missing is no proof. */
export function verifyMapped(proof: Proof, request: SignedRequest, secrets: readonly string[], now: Date): boolean {
  switch (proof.type) {
    case 'hmac':
      return isSigned(proof, request, secrets, now);
    case 'basic': {
      const given = withoutPrefix(request.header('authorization'), 'Basic ');
      return given !== null && secrets.some((secret) => sameText(Buffer.from(secret).toString('base64'), given));
    }
    case 'header': {
      const given = withoutPrefix(request.header(proof.header), proof.prefix);
      return given !== null && secrets.some((secret) => sameText(secret, given));
    }
  }
}

function isSigned(proof: HmacProof, request: SignedRequest, secrets: readonly string[], now: Date): boolean {
  const given = withoutPrefix(request.header(proof.header), proof.prefix);
  if (given === null || !isFresh(proof, request, now)) return false;
  const parts = proof.signed.map((part) => bytesOf(part, request));
  if (parts.some((part) => part === null)) return false;
  const signed = Buffer.concat(parts.filter((part) => part !== null));
  const normal = proof.encoding === 'hex' ? given.toLowerCase() : given;
  return secrets.some((secret) => {
    const key = keyOf(secret, proof.secret);
    return key !== null && sameText(createHmac(proof.algorithm, key).update(signed).digest(proof.encoding), normal);
  });
}

const withoutPrefix = (value: string | null, prefix: string): string | null =>
  value !== null && value.startsWith(prefix) && value.length > prefix.length ? value.slice(prefix.length) : null;

function isFresh({ timestamp }: HmacProof, { header }: SignedRequest, now: Date): boolean {
  if (timestamp === undefined) return true;
  const text = header(timestamp.header) ?? '';
  const milliseconds =
    timestamp.unit === 'iso'
      ? Date.parse(toIso(text) ?? '')
      : /^\d{1,16}$/.test(text)
        ? Number(text) * (timestamp.unit === 'seconds' ? 1000 : 1)
        : NaN;
  return Math.abs(now.getTime() - milliseconds) <= timestamp.toleranceSeconds * 1000;
}

/** Null for a header that is not there. */
function bytesOf(part: SignedPart, { header, body }: SignedRequest): Uint8Array | null {
  if ('text' in part) return Buffer.from(part.text);
  if ('body' in part) return body;
  if ('bodySha256' in part) return Buffer.from(createHash('sha256').update(body).digest(part.bodySha256));
  const value = header(part.header);
  return value === null ? null : Buffer.from(value);
}

/** Null for a secret that is not what the mapping says. */
export function keyOf(secret: string, form: HmacProof['secret']): Buffer | null {
  if (form === 'text') return Buffer.from(secret);
  const isRight = form === 'hex' ? /^(?:[0-9a-f]{2})+$/i.test(secret) : /^[A-Za-z0-9+/]+={0,2}$/.test(secret);
  return isRight ? Buffer.from(secret, form) : null;
}
