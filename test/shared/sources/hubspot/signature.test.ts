import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signHubspot, verifyHubspot } from '../../../../shared/sources/hubspot/signature.ts';

// Known answers of HubSpot's own SDK tests (hubspot-api-python tests/spec/utils/test_signature.py, hubspot-api-ruby
// spec/helpers/signature_spec.rb).
const SECRET = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const URL = 'https://www.example.com/webhook_uri';
const BODY = Buffer.from("{'example_field':'example_value'}");
const VECTORS = [
  ['1693657560000', 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y='],
  ['1700000300000', 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw='],
] as const;
const [[TIME, SIGNATURE]] = VECTORS;

const verify = (
  headers: Readonly<Record<string, string | undefined>>,
  { at = Number(TIME), url = URL, secrets = [SECRET], body = BODY } = {},
): boolean => {
  const all: Readonly<Record<string, string | undefined>> = {
    'x-hubspot-signature-v3': SIGNATURE,
    'x-hubspot-request-timestamp': TIME,
    ...headers,
  };
  return verifyHubspot({ header: (name) => all[name] ?? null, body }, url, secrets, new Date(at));
};

describe('HubSpot’s v3 signature', () => {
  it.each(VECTORS)('is the published one at %s', (timestamp, signature) => {
    expect(signHubspot(SECRET, URL, BODY, timestamp)).toBe(signature);
    const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp };
    expect(verify(headers, { at: Number(timestamp) })).toBe(true);
  });

  it('may be made with any of the secrets, so that they can be replaced', () => {
    expect(verify({}, { secrets: ['old', SECRET] })).toBe(true);
  });

  it('holds for five minutes either way', () => {
    expect(verify({}, { at: Number(TIME) + 300_000 })).toBe(true);
    expect(verify({}, { at: Number(TIME) + 300_001 })).toBe(false);
    expect(verify({}, { at: Number(TIME) - 300_001 })).toBe(false);
  });

  const hex = (text: string) => createHash('sha256').update(text).digest('hex');
  it.each([
    ['is missing', { 'x-hubspot-signature-v3': undefined }],
    [
      'is an older one alone',
      { 'x-hubspot-signature-v3': undefined, 'x-hubspot-signature': hex(`${SECRET}${String(BODY)}`) },
    ],
    ['is an older one in its place', { 'x-hubspot-signature-v3': hex(`${SECRET}POST${URL}${String(BODY)}`) }],
    ['is cut short', { 'x-hubspot-signature-v3': SIGNATURE.slice(0, -1) }],
    ['is empty', { 'x-hubspot-signature-v3': '' }],
    ['has no time stamp', { 'x-hubspot-request-timestamp': undefined }],
    ['has a time stamp in seconds', { 'x-hubspot-request-timestamp': '1693657560' }],
    ['has a time stamp that is no number', { 'x-hubspot-request-timestamp': 'now' }],
    ['has another time stamp', { 'x-hubspot-request-timestamp': '1693657560001' }],
  ])('is refused when it %s', (_, headers) => {
    expect(verify(headers)).toBe(false);
  });

  it('is refused for another URL, another body, another secret, and without one', () => {
    expect(verify({}, { url: `${URL}/` })).toBe(false);
    expect(verify({}, { url: URL.replace('https', 'http') })).toBe(false);
    expect(verify({}, { body: Buffer.concat([BODY, Buffer.from(' ')]) })).toBe(false);
    expect(verify({}, { secrets: ['another'] })).toBe(false);
    expect(verify({}, { secrets: [] })).toBe(false);
  });
});
