import { describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import {
  splitSecrets,
  webhookSecretsProblem,
  verifyStandardWebhook,
} from '../../../shared/sources/standard/standard-webhook.ts';
import { NOW, nowSeconds, SECRET, sign } from './signed.ts';

// The vector of the reference test suites:
// https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/webhook.test.ts
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  body: '{"test": 2432232314}',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
};
const VECTOR_TIME = 1_614_265_330;
const GOOD = VECTOR.headers['webhook-signature'];
const OTHER = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

const verify = (
  headers: Readonly<Record<string, string>>,
  { secrets = [VECTOR.secret], body = VECTOR.body, seconds = VECTOR_TIME } = {},
): boolean => {
  const header = (name: string) => new Map(Object.entries(headers)).get(name) ?? null;
  return verifyStandardWebhook({ header, body: Buffer.from(body) }, secrets, new Date(seconds * 1000));
};
const withSignature = (signature: string) => ({ ...VECTOR.headers, 'webhook-signature': signature });

describe('a signature is taken', () => {
  it('that the reference suite publishes', () => {
    expect(verify(VECTOR.headers)).toBe(true);
  });

  it('that the reference library makes, over an empty body too', () => {
    for (const body of ['', '{}', '{"name":"Øst 😀"}']) {
      const signature = new Webhook(SECRET).sign('msg_1', NOW, body);
      const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': nowSeconds(), 'webhook-signature': signature };
      expect(verify(headers, { secrets: [SECRET], body, seconds: Number(nowSeconds()) })).toBe(true);
    }
  });

  it('among several, with versions nobody knows', () => {
    const bad = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';
    expect(verify(withSignature(`${bad} v1a,abcd v2,${GOOD.slice(3)} ${GOOD} ${bad}`))).toBe(true);
  });

  it('with either secret while one replaces the other', () => {
    expect(verify(VECTOR.headers, { secrets: [OTHER, VECTOR.secret] })).toBe(true);
    expect(verify(VECTOR.headers, { secrets: [VECTOR.secret, OTHER] })).toBe(true);
  });

  it('with a secret that is written in the other alphabet of base64', () => {
    const secret = `whsec_${Buffer.alloc(32, 0xfb).toString('base64')}`;
    const signature = sign(VECTOR.body, 'msg_1', String(VECTOR_TIME), secret);
    const urlSafe = secret.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    expect(urlSafe).not.toBe(secret);
    expect(verify({ ...withSignature(signature), 'webhook-id': 'msg_1' }, { secrets: [urlSafe] })).toBe(true);
    expect(webhookSecretsProblem(urlSafe)).toBeNull();
  });

  it('up to 5 minutes old and up to 5 minutes ahead', () => {
    expect(verify(VECTOR.headers, { seconds: VECTOR_TIME + 300 })).toBe(true);
    expect(verify(VECTOR.headers, { seconds: VECTOR_TIME - 300 })).toBe(true);
  });
});

describe('a signature is refused', () => {
  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without the header %s', (name) => {
    expect(verify({ ...VECTOR.headers, [name]: '' })).toBe(false);
    expect(verify(Object.fromEntries(Object.entries(VECTOR.headers).filter(([header]) => header !== name)))).toBe(
      false,
    );
  });

  it('older than 5 minutes, or further ahead', () => {
    expect(verify(VECTOR.headers, { seconds: VECTOR_TIME + 301 })).toBe(false);
    expect(verify(VECTOR.headers, { seconds: VECTOR_TIME - 301 })).toBe(false);
  });

  it.each([
    'v1,',
    'v1',
    '',
    GOOD.slice(0, -1),
    GOOD.slice(0, 20),
    `${GOOD}=`,
    GOOD.slice(3),
    `v2,${GOOD.slice(3)}`,
    'v1,å',
  ])('that is not a whole v1 signature: "%s"', (signature) => {
    expect(verify(withSignature(signature))).toBe(false);
  });

  it.each(['hello', '', '1614265330.0', '-1614265330', '1614265330 ', '1.614265330e9', '0x60378f32', 'NaN'])(
    'with the timestamp "%s"',
    (timestamp) => {
      const signature = sign(VECTOR.body, 'msg_1', timestamp, VECTOR.secret);
      const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature };
      expect(verify(headers)).toBe(false);
    },
  );

  it('with a full stop in the id, though it is signed', () => {
    const signature = sign(VECTOR.body, 'msg.1', String(VECTOR_TIME), VECTOR.secret);
    expect(verify({ ...withSignature(signature), 'webhook-id': 'msg.1' })).toBe(false);
  });

  it('with another body, id or timestamp than was signed', () => {
    expect(verify(VECTOR.headers, { body: '{"test":2432232314}' })).toBe(false);
    expect(verify({ ...VECTOR.headers, 'webhook-id': 'msg_2' })).toBe(false);
    expect(verify({ ...VECTOR.headers, 'webhook-timestamp': String(VECTOR_TIME + 1) })).toBe(false);
  });

  it.each([
    [[]],
    [['']],
    [['whsec_']],
    [['whsec_====']],
    [[`whsec_${Buffer.alloc(23, 1).toString('base64')}`]],
    [[`whsec_${Buffer.alloc(65, 1).toString('base64')}`]],
    [['whsec_not base64!']],
    [[OTHER]],
    [['whpk_MfKQ9r8GKYqrTwjUPD8I']],
  ])('with the secrets %j', (secrets) => {
    expect(verify(VECTOR.headers, { secrets })).toBe(false);
  });

  it.each([1, 23, 65])('made with a key of %d bytes, though it is the one that is set', (length) => {
    const secret = `whsec_${Buffer.alloc(length, 9).toString('base64')}`;
    const signature = sign(VECTOR.body, 'msg_1', String(VECTOR_TIME), secret);
    expect(verify({ ...withSignature(signature), 'webhook-id': 'msg_1' }, { secrets: [secret] })).toBe(false);
    expect(webhookSecretsProblem(secret)).toContain('24 to 64');
  });

  it.each(['', 'whsec_'])('made with the empty key, against the secret "%s"', (secret) => {
    const signature = sign(VECTOR.body, 'msg_1', String(VECTOR_TIME), '');
    expect(verify({ ...withSignature(signature), 'webhook-id': 'msg_1' }, { secrets: [secret] })).toBe(false);
  });
});

it('a problem with a secret names what is wrong, and nothing of it', () => {
  expect(webhookSecretsProblem(`${SECRET} hemmelig`)).toMatch(/^each must begin with whsec_/);
  expect(webhookSecretsProblem(`${SECRET} whsec_hem melig`)).not.toContain('hem');
  expect(webhookSecretsProblem(`"${SECRET}"\n`)).toBeNull();
});

it('the secrets of a setting are separated by white space, and quotation marks around them do not count', () => {
  expect(splitSecrets(`"${SECRET}" '${OTHER}'`)).toEqual([SECRET, OTHER]);
  expect(splitSecrets(` ${SECRET}  ${OTHER}\n`)).toEqual([SECRET, OTHER]);
  expect(splitSecrets(null)).toEqual([]);
  expect(splitSecrets('')).toEqual([]);
});
