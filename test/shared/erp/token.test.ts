import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../shared/erp/index.ts';
import { createTokens, type TokenDeps } from '../../../shared/erp/http/token.ts';
import { manualClock } from './manual-clock.ts';
import { codeOf, failureOf, SETTINGS } from './support.ts';

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

/** Answers in turn; the last one stands for all that follow. */
function connectAnswers(...answers: readonly (() => Response)[]) {
  const seen: { readonly authorization: string | null; readonly form: URLSearchParams }[] = [];
  server.use(
    http.post(SETTINGS.VISMA_TOKEN_URL, async ({ request }) => {
      seen.push({
        authorization: request.headers.get('authorization'),
        form: new URLSearchParams(await request.text()),
      });
      return (answers[seen.length - 1] ?? answers.at(-1) ?? HttpResponse.error)();
    }),
  );
  return seen;
}

const granted =
  (token: string, more = {}) =>
  () =>
    HttpResponse.json({ access_token: token, expires_in: 3600, ...more });
const denied =
  (error: string, status = 400) =>
  () =>
    HttpResponse.json({ error }, { status });

function tokensWith(deps: Partial<TokenDeps> = {}) {
  return createTokens({
    settings: SETTINGS,
    credentials: async () => ({ clientId: 'isv_test', clientSecret: 'old' }),
    refreshCredentials: async () => ({ clientId: 'isv_test', clientSecret: 'new' }),
    clock: systemClock,
    fetch: (...request) => fetch(...request),
    ...deps,
  });
}

test('asks with client credentials, HTTP Basic and the scope, without a tenant', async () => {
  const seen = connectAnswers(granted('t1'));
  expect(await tokensWith().get()).toBe('t1');
  expect(seen[0]?.authorization).toBe(`Basic ${Buffer.from('isv_test:old').toString('base64')}`);
  expect(Object.fromEntries(seen[0]?.form ?? [])).toEqual({
    grant_type: 'client_credentials',
    scope: SETTINGS.VISMA_SCOPE,
  });
});

test('sends the tenant only when one is set', async () => {
  const seen = connectAnswers(granted('t1'));
  await tokensWith({ settings: { ...SETTINGS, VISMA_TENANT_ID: 'tenant-1' } }).get();
  expect(seen[0]?.form.get('tenant_id')).toBe('tenant-1');
});

test('callers at the same time share one request', async () => {
  const seen = connectAnswers(granted('t1'));
  const tokens = tokensWith();
  expect(await Promise.all([tokens.get(), tokens.get(), tokens.get()])).toEqual(['t1', 't1', 't1']);
  expect(seen).toHaveLength(1);
});

test.each([
  ['the lifetime in the answer', { expires_in: 600 }, 540],
  ['an hour when the answer names none', { expires_in: undefined }, 3540],
])('a token is kept until a minute before %s is over', async (_what, more, seconds) => {
  const seen = connectAnswers(granted('t1', more), granted('t2'));
  const clock = { ...manualClock(), timeout: (ms: number) => systemClock.timeout(ms) };
  let now = 0;
  const tokens = tokensWith({ clock: { ...clock, now: () => now } });
  await tokens.get();
  now = seconds * 1000 - 1;
  expect(await tokens.get()).toBe('t1');
  now = seconds * 1000;
  expect(await tokens.get()).toBe('t2');
  expect(seen).toHaveLength(2);
});

test('dropping a token that was replaced already does not drop its successor', async () => {
  const seen = connectAnswers(granted('t1'), granted('t2'));
  const tokens = tokensWith();
  tokens.drop(await tokens.get());
  await tokens.get();
  tokens.drop('t1');
  expect(await tokens.get()).toBe('t2');
  expect(seen).toHaveLength(2);
});

test('a rotated secret is fetched again and works at once', async () => {
  const seen = connectAnswers(denied('invalid_client'), granted('t1'));
  expect(await tokensWith().get()).toBe('t1');
  expect(seen[1]?.authorization).toBe(`Basic ${Buffer.from('isv_test:new').toString('base64')}`);
});

test('a secret that is still wrong after that is a matter of configuration', async () => {
  const seen = connectAnswers(denied('invalid_client', 401));
  expect(await codeOf(tokensWith().get())).toBe('token.invalid-client');
  expect(seen).toHaveLength(2);
});

test.each([
  ['invalid_scope', denied('invalid_scope'), 'token.invalid-scope'],
  ['unauthorized_client', denied('unauthorized_client'), 'token.refused'],
  ['an error nobody told us about', denied('mystery'), 'token.refused'],
  ['429', () => new HttpResponse('slow down', { status: 429 }), 'token.unreachable'],
  ['502 with a page', () => new HttpResponse('<html>', { status: 502 }), 'token.unreachable'],
  ['200 without a token', () => HttpResponse.json({ hello: 1 }), 'token.unreachable'],
  ['a broken connection', () => HttpResponse.error(), 'token.unreachable'],
])('%s becomes %s', async (_what, answer, code) => {
  connectAnswers(answer);
  expect(await codeOf(tokensWith().get())).toBe(code);
});

test('no answer in time is unreachable, and the next call asks again', async () => {
  let calls = 0;
  const clock = manualClock();
  const tokens = tokensWith({
    clock,
    fetch: (_url, init) => {
      calls += 1;
      return new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      });
    },
  });
  const first = failureOf(tokens.get());
  await clock.advance(SETTINGS.NXT_TIMEOUT_SECONDS * 1000);
  expect((await first).code).toBe('token.unreachable');
  const second = failureOf(tokens.get());
  await clock.advance(SETTINGS.NXT_TIMEOUT_SECONDS * 1000);
  expect((await second).code).toBe('token.unreachable');
  expect(calls).toBe(2);
});
