import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerEvent } from '../../kit/events.ts';
import { startWorld, type World } from '../../kit/world.ts';
import { openSite, principal, SIGN_IN_ON } from './site.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const GETS = [
  '',
  '/',
  '/needs',
  '/needs/erp.row-refused',
  '/find',
  '/which',
  '/planned',
  '/differences',
  '/v1/differences',
  '/audit',
  '/privacy',
  '/privacy/receipt/x',
  '/v1/privacy/report',
  '/v1/privacy/receipts',
  '/live',
  '/record/customer/C-1',
  '/console.css',
  '/v1/status',
  '/v1/failures',
  '/v1/records/customer/C-1',
  '/nowhere',
];
const POSTS = [
  '/pause',
  '/resume',
  '/replay',
  '/discard',
  '/note',
  '/find',
  '/which',
  '/which/values',
  '/record/customer/C-1/link',
  '/record/customer/C-1/values',
  '/v1/flow/pause',
  '/v1/failures/replay',
  '/v1/values',
  '/v1/find',
  '/differences',
  '/differences/run',
  '/differences/values',
  '/differences/open',
  '/differences/open/values',
  '/v1/reconcile',
  '/privacy/person',
  '/privacy/record',
  '/v1/privacy/access',
  '/v1/privacy/erase',
];

/** The same path as somebody might write it to slip past a rule. */
const spellings = (path: string): readonly string[] => [
  `/api/ops${path}`,
  `/API/OPS${path}`,
  `/Api/Ops${path.toUpperCase()}`,
  `/api/ops${path}/`,
  `/api//ops${path}`,
  `/api/ops/./${path}`,
  `/api/webhooks/../ops${path}`,
  `/api/ops%2F${path}`,
];

describe('nobody gets in', () => {
  it.each([
    ['with authentication off', {}],
    ['without a client id', { ...SIGN_IN_ON, CONSOLE_CLIENT_ID: '' }],
    ['without a tenant', { ...SIGN_IN_ON, CONSOLE_TENANT_ID: '' }],
    ['where the setting says something else', { ...SIGN_IN_ON, WEBSITE_AUTH_ENABLED: 'False' }],
  ])('%s, whatever header is forged and however the path is written', async (_name, environment) => {
    const site = openSite(world, { environment });
    for (const path of GETS.flatMap(spellings)) {
      const response = await site.send(path, { headers: { 'x-ms-client-principal': principal() } });
      expect([path, response.status]).toEqual([path, 401]);
      expect(JSON.parse(await response.text())).toMatchObject({ code: 'unknown' });
    }
    for (const path of POSTS.flatMap(spellings)) {
      const headers = { 'x-ms-client-principal': principal(), 'content-type': 'application/json' };
      const response = await site.send(path, { method: 'POST', headers, body: '{"reason":"x"}' });
      expect([path, response.status]).toEqual([path, 401]);
    }
    expect(await world.sync.flow.status()).toEqual({ is: 'open' });
    expect(await world.sync.audit.list(10)).toEqual([]);
  });

  it.each([
    ['another audience', { aud: 'another' }, 401],
    ['another company', { tid: '99999999-9999-4999-8999-999999999999' }, 401],
    ['no role', { roles: [] }, 403],
    ['a role of another kind', { roles: ['Operator ', 'admin'] }, 403],
  ])('with a token of %s', async (_name, who, status) => {
    const site = openSite(world, { who });
    for (const path of GETS)
      expect(
        (await site.send(`/api/ops${path}`, { headers: { 'x-ms-client-principal': principal(who) } })).status,
      ).toBe(status);
  });

  it('with a header that is no principal', async () => {
    const site = openSite(world);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString('base64')),
        ),
        async (header) => {
          expect((await site.send('/api/ops', { headers: { 'x-ms-client-principal': header } })).status).toBe(401);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a reader', () => {
  it('sees every view and changes nothing', async () => {
    const site = openSite(world, { who: { roles: ['reader'] } });
    for (const path of ['', '/needs', '/find', '/which', '/planned', '/differences', '/audit'])
      expect(await site.get(path)).toContain('<h1');
    for (const path of POSTS.filter((each) => each !== '/find' && !each.startsWith('/v1/'))) {
      expect([path, (await site.post(path, { reason: 'x' })).status]).toEqual([path, 403]);
    }
    for (const path of POSTS.filter((each) => each.startsWith('/v1/'))) {
      const headers = { 'x-ms-client-principal': principal({ roles: ['reader'] }), 'content-type': 'application/json' };
      expect((await site.send(`/api/ops${path}`, { method: 'POST', headers, body: '{}' })).status).toBe(403);
    }
    expect(await world.sync.audit.list(10)).toEqual([]);
  });
});

describe('a form of another site changes nothing', () => {
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ['says where it comes from', { origin: 'https://evil.example' }],
    ['says so in Sec-Fetch-Site', { origin: 'https://func.example', 'sec-fetch-site': 'cross-site' }],
    ['comes from a sibling', { 'sec-fetch-site': 'same-site' }],
    ['has no origin', { origin: 'null' }],
    ['says nothing', {}],
    ['is typed in', { 'sec-fetch-site': 'none' }],
  ];
  it.each(cases)('%s', async (_name, headers) => {
    const site = openSite(world);
    const [, token = ''] = /name="token" value="([^"]+)"/.exec(await site.get('/find')) ?? [];
    const response = await site.send('/api/ops/pause', {
      method: 'POST',
      headers: { 'x-ms-client-principal': principal(), accept: 'text/html', ...headers },
      body: new URLSearchParams({ token }),
    });
    expect(response.status).toBe(403);
    expect(await world.sync.flow.status()).toEqual({ is: 'open' });
  });

  it('nor does one without the page’s token, with another’s, or with one of the day before yesterday', async () => {
    const site = openSite(world);
    const [, others = ''] =
      /name="token" value="([^"]+)"/.exec(await openSite(world, { who: { name: 'ola@example.no' } }).get('/find')) ??
      [];
    for (const token of ['', 'x', others]) expect((await site.post('/pause', { token })).status).toBe(403);
    const [, old = ''] = /name="token" value="([^"]+)"/.exec(await site.get('/find')) ?? [];
    world.advance(48 * 3_600_000);
    expect((await site.post('/pause', { token: old })).status).toBe(403);
    expect((await site.post('/pause', { reason: 'ok' })).status).toBe(200);
    expect(await world.sync.flow.status()).toMatchObject({ is: 'paused', by: 'kari@example.no' });
  });

  it('and a change is never made by looking', async () => {
    const site = openSite(world);
    for (const path of POSTS)
      await site.send(`/api/ops${path}?confirmed=yes`, { headers: { 'x-ms-client-principal': principal() } });
    expect(await world.sync.audit.list(10)).toEqual([]);
  });
});

it('who acts comes from the token, whatever the request says', async () => {
  const site = openSite(world);
  await site.post('/pause', { by: 'somebody else', name: 'x' });
  expect(await world.sync.audit.list(1)).toMatchObject([{ by: 'kari@example.no', action: 'pause' }]);
});

it('every answer carries the policy, and nothing is kept by the browser', async () => {
  const site = openSite(world);
  for (const path of GETS.filter((each) => !each.endsWith('.css'))) {
    const { headers } = await site.send(`/api/ops${path}`, { headers: { 'x-ms-client-principal': principal() } });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
  }
});

it('markup, terminal escapes and direction marks in names, reasons and notes come out as text', async () => {
  const hostile = '<script>alert(1)</script>"\'&\u001b[31m\u202e';
  const site = openSite(world, { who: { name: hostile } });
  await site.post('/pause', { reason: hostile });
  world.sandbox.faults.add({ do: 'row-error', on: 'any', nameContains: '' });
  await world.sync.flow.resume();
  world.advance(2_000);
  await world.send(customerEvent('C-1'));
  await world.drain();
  await site.post('/note', { code: 'erp.row-refused', text: hostile });
  for (const path of ['', '/needs', '/needs/erp.row-refused', '/audit', '/record/customer/C-1']) {
    const html = await site.get(path);
    expect(html).not.toContain('<script>alert');
    expect(html).not.toMatch(/[\u001b\u202e]/);
  }
  expect(await site.get('/audit')).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\u001b[31m\\u202e');
});
