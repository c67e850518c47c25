import { request } from 'node:http';
import { expect, test } from 'vitest';
import { call, startFixture } from './support.ts';

test('an HTTP function gets method, address, parameters, query and headers', async () => {
  const { url } = await startFixture({ environment: { FIXTURE_SETTING: 'seen' } });
  const response = await fetch(`${url}/api/Echo/caf%C3%A9/7?a=1&b=%20x`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    body: '{}',
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('x-answer')).toBe('yes');
  expect(response.headers.get('set-cookie')).toBe('seen=1; Path=/; HttpOnly; SameSite=Strict');
  expect(await response.json()).toMatchObject({
    method: 'PUT',
    url: `${url}/api/Echo/caf%C3%A9/7?a=1&b=%20x`,
    params: { kind: 'café', id: '7' },
    query: { a: '1', b: ' x' },
    contentType: 'application/json',
    setting: 'seen',
    traceParent: expect.stringMatching(new RegExp(`^00-${'a'.repeat(32)}-[0-9a-f]{16}-01$`)) as unknown,
  });
});

const BYTES = Uint8Array.from({ length: 300 }, (_, index) => index % 256);

test('a body arrives byte for byte', async () => {
  const { url } = await startFixture();
  const response = await fetch(`${url}/api/echo/raw`, { method: 'POST', body: BYTES });
  expect(await response.json()).toMatchObject({ bodyHex: Buffer.from(BYTES).toString('hex') });
});

test('a body in chunks of unknown length is dropped, as by the real host for an app without streams', async () => {
  const { url } = await startFixture();
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: new Blob([BYTES]).stream(), duplex: 'half' };
  const response = await fetch(`${url}/api/echo/raw`, init);
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({ bodyHex: '' });
});

test('a header that comes twice is joined by a comma without a blank', async () => {
  const { url } = await startFixture();
  const answer = await call(url, '/api/echo/raw', { method: 'POST', headers: { 'x-twice': ['a', 'b'] } });
  expect(JSON.parse(answer.body)).toMatchObject({ twice: 'a,b' });
});

test.each([
  ['a header that is not ASCII', '/api/echo/raw', { 'x-name': Buffer.from('Øst').toString('latin1') }, 400],
  ['a path with an empty segment', '/api//echo/raw', {}, 404],
  ['a path that begins with two slashes', '//api/echo/raw', {}, 404],
] as const)('%s gets an empty answer', async (_name, path, headers, status) => {
  const { url } = await startFixture();
  expect(await call(url, path, { method: 'POST', headers })).toEqual({ status, body: '' });
});

test('a body larger than any app should take reaches the function, which has to refuse it itself', async () => {
  const { url } = await startFixture();
  const response = await fetch(`${url}/api/echo/large`, { method: 'POST', body: Buffer.alloc(5 * 1024 * 1024) });
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({ size: 5 * 1024 * 1024 });
});

test('a declared body over 100 MB is refused before it is read, as the host does', async () => {
  const { url } = await startFixture();
  const status = await new Promise((resolve, reject) => {
    const call = request(`${url}/api/echo/huge`, { method: 'POST', headers: { 'content-length': 104_857_601 } });
    call.on('response', (response) => resolve(response.statusCode)).on('error', reject);
    call.write('x');
  });
  expect(status).toBe(500);
});

test('the bytes of an answer arrive as they are', async () => {
  const { url } = await startFixture();
  const response = await fetch(`${url}/api/raw`);
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0, 255, 10]));
});

test('a function that returns nothing answers 204, one that returns no response 500', async () => {
  const { url } = await startFixture();
  expect((await fetch(`${url}/api/nothing`)).status).toBe(204);
  expect((await fetch(`${url}/api/text`)).status).toBe(500);
});

test.each([
  ['GET', '/api/unknown', 'a route nobody knows'],
  ['GET', '/raw', 'a route without the prefix'],
  ['DELETE', '/api/raw', 'a known route with another method, as Azure answers'],
  ['HEAD', '/api/raw', 'HEAD of a route for GET only'],
  ['POST', '/api/echo', 'a missing parameter'],
  ['POST', '/api/echo/a/b', 'a parameter that breaks its constraint'],
  ['POST', '/api/echo/a/1/2', 'a path that is too long'],
])('%s %s answers 404: %s', async (method, path) => {
  const { url } = await startFixture();
  const response = await fetch(url + path, { method });
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('');
});

test('a literal wins over a parameter, and a catch-all takes the rest', async () => {
  const { url } = await startFixture();
  expect(await (await fetch(`${url}/api/pick/me`)).text()).toBe('literal');
  expect(await (await fetch(`${url}/api/pick/you`)).text()).toBe('parameter you');
  expect(await (await fetch(`${url}/api/files/a/b.txt`)).text()).toBe('a/b.txt');
});

test('a function key opens a function-level route, from the header or the query', async () => {
  const { url } = await startFixture({ environment: { HOST_FUNCTION_KEY: 'k1' } });
  const status = async (path: string, headers = {}): Promise<number> => (await fetch(url + path, { headers })).status;
  expect(await status('/api/locked')).toBe(401);
  expect(await status('/api/locked?code=k2')).toBe(401);
  expect(await status('/api/locked?code=k1')).toBe(200);
  expect(await status('/api/locked', { 'x-functions-key': 'k1' })).toBe(200);
  expect(await status('/api/admin?code=k1')).toBe(401);
});

test.each([{}, { HOST_FUNCTION_KEY: '' }])(
  'without a function key, a function-level route stays shut (%o)',
  async (environment) => {
    const { url } = await startFixture({ environment });
    for (const query of ['', '?code=', '?code=undefined']) {
      expect((await fetch(`${url}/api/locked${query}`)).status).toBe(401);
    }
  },
);

test('an exception answers 500 with an empty body, and the log line says nothing of what came in', async () => {
  const { url, lines } = await startFixture();
  const response = await fetch(`${url}/api/broken?q=Kari`, { method: 'POST', body: 'Kari Nordmann' });
  expect(response.status).toBe(500);
  expect(await response.text()).toBe('');
  const line = lines.find((each) => each.includes('failed'));
  expect(line).toMatch(/^ERROR \[broken [0-9a-f]{8}\] failed: SyntaxError .*http\.js/);
  expect(lines.join('\n')).not.toContain('Kari');
});

test('each log call is one line, a JSON line stays as it is, and the log level of host.json counts', async () => {
  const { url, lines } = await startFixture();
  await fetch(`${url}/api/talk`);
  expect(lines).toEqual([expect.stringMatching(/^INFO \[talk [0-9a-f]{8}\] two\\nlines$/), '{"event":"wide"}']);
});

test('a disabled function is not there', async () => {
  const { url, registered } = await startFixture({ environment: { 'AzureWebJobs.raw.Disabled': 'true' } });
  expect(registered).not.toContain('raw');
  expect((await fetch(`${url}/api/raw`)).status).toBe(404);
});

test('hooks run around an invocation with one shared hookData', async () => {
  const { url, hooks } = await startFixture();
  await fetch(`${url}/api/raw`);
  await fetch(`${url}/api/broken`, { method: 'POST', body: 'x' });
  expect(hooks).toEqual(['appStart', 'after tick ok', 'after raw ok', 'after broken failed']);
});

test('a function that runs longer than functionTimeout is reported', async () => {
  const finish = Promise.withResolvers<undefined>();
  const { url, lines } = await startFixture({ run: (name) => (name === 'slow' ? finish.promise : undefined) });
  const answer = fetch(`${url}/api/slow`);
  await expect.poll(() => lines.join('\n'), { timeout: 60_000 }).toContain('Timeout value of 1 s exceeded');
  finish.resolve(undefined);
  expect((await answer).status).toBe(200);
});
