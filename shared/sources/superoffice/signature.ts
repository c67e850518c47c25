import { createHmac } from 'node:crypto';
import { sameText } from '../same-text.ts';
import type { SignedRequest } from '../source.ts';

// https://docs.superoffice.com/en/automation/webhook/dev/security.html

const SIGNATURE = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Whether SuperOffice signed the body with one of the secrets. It signs only where the webhook has a secret, so a
 * request without a signature proves nothing. No time is signed: a repeat is known by its event id, and does no harm.
 */
export function verifySuperoffice({ header, body }: SignedRequest, secrets: readonly string[]): boolean {
  const signature = header('x-superoffice-signature') ?? '';
  if (!SIGNATURE.test(signature)) return false;
  return secrets.some((secret) => sameText(createHmac('sha256', secret).update(body).digest('base64'), signature));
}
