import { request } from 'node:http';
import { expect, test } from 'vitest';
import { call, STREAM_FIXTURE, startFixture, type FixtureRun } from './support.ts';

const start = (run: FixtureRun = () => undefined) => startFixture({ appDir: STREAM_FIXTURE, run });
const BYTES = Uint8Array.from({ length: 300 }, (_, index) => index % 256);

/** Chunks of a body whose length the sender does not say. */
const chunked = (body: Uint8Array<ArrayBuffer>): RequestInit & { duplex: 'half' } => ({
  method: 'POST',
  body: new Blob([body]).stream(),
  duplex: 'half',
  headers: { 'content-type': 'application/json' },
});

test('a body arrives byte for byte, with its length or in chunks', async () => {
  const { url } = await start();
  for (const init of [{ ...chunked(BYTES), body: BYTES }, chunked(BYTES)]) {
    const response = await fetch(`${url}/api/count/caf%C3%A9?a=1&b=%20x`, init);
    expect(response.status).toBe(201);
    expect(response.headers.get('x-answer')).toBe('yes');
    expect(response.headers.get('set-cookie')).toContain('seen=1');
    expect(await response.json()).toEqual({
      url: `${url}/api/count/caf%C3%A9?a=1&b=%20x`,
      params: { name: 'café' },
      query: { a: '1', b: ' x' },
      type: 'application/json',
      twice: null,
      bodyHex: Buffer.from(BYTES).toString('hex'),
    });
  }
});

test('what the function does not read of a body keeps nobody from its answer', async () => {
  const { url } = await start();
  const large = new Uint8Array(3 * 1024 * 1024);
  for (const init of [chunked(large), { ...chunked(large), body: large }]) {
    const response = await fetch(`${url}/api/count/large`, init);
    expect([response.status, await response.text()]).toEqual([413, 'too large']);
  }
});

test('a request without a body, and one with a header that comes twice', async () => {
  const { url } = await start();
  expect(await (await fetch(`${url}/api/count/none`)).json()).toMatchObject({ bodyHex: '' });
  const { body } = await call(url, '/api/count/x', { method: 'POST', headers: { 'x-twice': ['a', 'b'] } });
  expect(JSON.parse(body)).toMatchObject({ twice: 'a,b' });
});

test('a function that throws answers 500 with an empty body', async () => {
  const { url } = await start();
  const response = await fetch(`${url}/api/throws`, chunked(BYTES));
  expect([response.status, await response.text()]).toEqual([500, '']);
});

test('a caller that hangs up makes the invocation fail', async () => {
  const seen: unknown[] = [];
  const { url, lines } = await start((_name, what) => seen.push(what));
  const sent = request(`${url}/api/count/gone`, { method: 'POST' });
  sent.on('error', () => undefined);
  sent.write('{');
  await expect.poll(() => seen, { timeout: 60_000 }).toEqual(['reads']);
  sent.destroy();
  await expect.poll(() => seen, { timeout: 60_000 }).toEqual(['reads', 'hung up']);
  await expect.poll(() => lines.join('\n')).toContain('failed: Error');
});
