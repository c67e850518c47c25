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
