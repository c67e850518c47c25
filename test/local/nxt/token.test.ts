import { describe, expect, it } from 'vitest';
import { manualClock, READ_ONLY_SCOPE, SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET } from '../../../local/nxt/index.ts';
import { requestToken, startClient, tokenOf } from './client.ts';

const PROBE = { query: '{ availableCompanies { totalCount } }' };

describe('the token endpoint', () => {
  it('gives a token with its lifetime and scope', async () => {
    const { sandbox } = await startClient({ tokenSeconds: 120 });
    expect(await (await requestToken(sandbox)).json()).toMatchObject({ token_type: 'Bearer', expires_in: 120 });
  });

  it('takes HTTP Basic as well as form fields', async () => {
    const { sandbox } = await startClient();
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope: READ_ONLY_SCOPE });
    const basic = (secret: string) => ({
      method: 'POST',
      body: form,
      headers: { authorization: `Basic ${Buffer.from(`${SANDBOX_CLIENT_ID}:${secret}`).toString('base64')}` },
    });
    expect((await fetch(sandbox.tokenUrl, basic(SANDBOX_CLIENT_SECRET))).status).toBe(200);
    expect((await fetch(sandbox.tokenUrl, basic('wrong'))).status).toBe(400);
  });

  it.each([
    ['invalid_client', { client_secret: 'wrong' }],
    ['invalid_scope', { scope: 'everything' }],
    ['unsupported_grant_type', { grant_type: 'password' }],
  ])('answers %s', async (error, change) => {
    const { sandbox } = await startClient();
    const response = await requestToken(sandbox, change);
    expect([response.status, await response.json()]).toEqual([400, { error }]);
  });

  it('refuses the old secret once it is rotated', async () => {
    const { sandbox } = await startClient();
    sandbox.rotateSecret('new-secret');
    expect(await (await requestToken(sandbox)).json()).toEqual({ error: 'invalid_client' });
    expect((await requestToken(sandbox, { client_secret: 'new-secret' })).status).toBe(200);
  });

  it('refuses with the error a fault names', async () => {
    const { sandbox } = await startClient();
    sandbox.faults.add({ on: 'token', do: 'refuse-token', error: 'unauthorized_client', next: 1 });
    expect(await (await requestToken(sandbox)).json()).toEqual({ error: 'unauthorized_client' });
    expect((await requestToken(sandbox)).status).toBe(200);
  });
});

describe('a token', () => {
  it('names the GraphQL endpoint as its audience', async () => {
    const { sandbox, token } = await startClient();
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ aud: sandbox.graphqlUrl, client_id: SANDBOX_CLIENT_ID });
  });

  it('is refused with 401 and an HTML page once its time is over', async () => {
    const clock = manualClock();
    const { post } = await startClient({ clock, tokenSeconds: 60 });
    clock.advance(59_000);
    expect((await post(PROBE)).status).toBe(200);
    clock.advance(1_000);
    const response = await post(PROBE);
    expect([response.status, response.headers.get('content-type')]).toEqual([401, 'text/html']);
    expect(await response.text()).toContain('nginx');
  });

  it('that is missing or unknown gets 401', async () => {
    const { sandbox, post } = await startClient();
    expect((await post(PROBE, 'made-up')).status).toBe(401);
    expect((await fetch(sandbox.graphqlUrl, { method: 'POST' })).status).toBe(401);
    expect(sandbox.requests.counts.unauthorized).toBe(2);
  });

  it('with the read-only scope cannot write', async () => {
    const { create, read, sandbox } = await startClient({}, { scope: READ_ONLY_SCOPE });
    expect((await create([{ name: 'Nope' }])).errors).toHaveLength(1);
    expect(sandbox.rows()).toEqual([]);
    expect(await read('associate { totalCount }')).toEqual({ totalCount: 0 });
  });

  it('stays valid when another is asked for', async () => {
    const { sandbox, post } = await startClient();
    const second = await tokenOf(await requestToken(sandbox));
    expect((await post(PROBE)).status).toBe(200);
    expect((await post(PROBE, second)).status).toBe(200);
  });
});
