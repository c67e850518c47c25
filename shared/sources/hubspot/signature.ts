import { createHmac } from 'node:crypto';
import { sameText } from '../same-text.ts';
import type { SignedRequest } from '../source.ts';

// HubSpot's v3 signature, the only one with a time stamp:
// https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation

/** HubSpot asks for it one way; a time stamp from the future is as little genuine. */
const TOLERANCE_MS = 5 * 60_000;
const SIGNATURE = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Whether HubSpot signed the request with one of the app's client secrets. The older signatures that come beside v3 are
 * not looked at: falling back would let a caller choose the weaker proof.
 *
 * @param url the target URL as HubSpot has it, byte for byte: what it signs.
 */
export function verifyHubspot(
  { header, body }: SignedRequest,
  url: string,
  secrets: readonly string[],
  now: Date,
): boolean {
  const signature = header('x-hubspot-signature-v3') ?? '';
  const timestamp = header('x-hubspot-request-timestamp') ?? '';
  if (!SIGNATURE.test(signature) || !/^\d{1,16}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() - Number(timestamp)) > TOLERANCE_MS) return false;
  return secrets.some((secret) => sameText(signHubspot(secret, url, body, timestamp), signature));
}

/** Base64 of HMAC-SHA256 over method, URL, body and time stamp, nothing between them. */
export const signHubspot = (secret: string, url: string, body: Uint8Array, timestamp: string): string =>
  createHmac('sha256', secret).update(`POST${url}`).update(body).update(timestamp).digest('base64');
