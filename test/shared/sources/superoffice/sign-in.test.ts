import { createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../shared/erp/index.ts';
import { Failure } from '../../../../shared/failure.ts';
import { createSignIn, signedToken } from '../../../../shared/sources/superoffice/sign-in.ts';
import { adapterSettingsOf } from '../adapter.ts';
import { createLocalGate } from '../../../kit/local-gate.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const NOW = Date.parse('2026-11-21T08:05:59.000Z');
const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const TICKET = 'http://schemes.superoffice.net/identity/ticket';

function signIn(answer: object, status = 200) {
  const bodies: unknown[] = [];
  let time = NOW;
  const made = createSignIn(adapterSettingsOf({ CRM_ADAPTER: 'superoffice', SUPEROFFICE_CONTEXT_ID: 'Cust12345' }), {
    token: async () => 'unused',
    forgetToken: () => undefined,
    secret: async (name) => (name === 'superoffice-private-key' ? PEM.replaceAll('\n', '\\n') : `${name}-value`),
    gate: () => createLocalGate({ requestsPerMinute: 60_000, inProgress: 5, clock: systemClock }),
    now: () => time,
    fetch: async (url, init) => {
      const request = new Request(url, init);
      bodies.push([request.url, await request.json()]);
      return Response.json(answer, { status });
    },
  });
  return { made, bodies, later: (ms: number) => (time += ms) };
}

describe('the system user of SuperOffice', () => {
  it('signs its token with the UTC minute', () => {
    const [token, minute, signature = ''] = signedToken('sys-token', PEM, NOW).split('.');
    expect([token, minute]).toEqual(['sys-token', '202611210805']);
    const verify = createVerify('SHA256').update('sys-token.202611210805');
    expect(verify.verify(publicKey, signature, 'base64')).toBe(true);
  });

  it('is signed in once for hours, and again when it is refused', async () => {
    const { made, bodies, later } = signIn({ IsSuccessful: true, Token: jwt({ [TICKET]: 'ticket-1' }) });
    const headers = { authorization: 'SOTicket ticket-1', 'so-apptoken': 'superoffice-client-secret-value' };
    expect(await made.headers()).toEqual(headers);
    expect(await made.headers()).toEqual(headers);
    expect(bodies).toEqual([
      [
        'https://online.superoffice.com/Login/api/PartnerSystemUser/Authenticate',
        {
          SignedSystemToken: signedToken('superoffice-system-user-token-value', PEM, NOW),
          ApplicationToken: 'superoffice-client-secret-value',
          ContextIdentifier: 'Cust12345',
          ReturnTokenType: 'JWT',
        },
      ],
    ]);
    made.forget();
    await made.headers();
    later(6 * 3_600_000);
    await made.headers();
    expect(bodies).toHaveLength(3);
  });

  it.each([
    ['is refused', { IsSuccessful: false, ErrorMessage: 'no such tenant' }],
    ['gets a token without a ticket', { IsSuccessful: true, Token: jwt({}) }],
  ])('%s: a person has to mend it', async (_, answer) => {
    await expect(signIn(answer).made.headers()).rejects.toMatchObject({ code: 'crm.unauthorized' });
  });

  it('whose key cannot be read is a wrong setting, and the key is not told', () => {
    expect(() => signedToken('t', '-----BEGIN nothing', NOW)).toThrow(Failure);
    expect(() => signedToken('t', 'hemmelig', NOW)).not.toThrow('hemmelig');
  });
});
