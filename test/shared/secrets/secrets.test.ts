import { SecretClient } from '@azure/keyvault-secrets';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSecrets } from '../../../shared/secrets/index.ts';
import { createVaultCache } from '../../../shared/secrets/vault-cache.ts';

const VAULT = 'https://sync-test.vault.azure.net';
const stored = new Map<string, string>();
const asked: string[] = [];
let status = 200;
let time = 0;

const server = setupServer(
  http.get(`${VAULT}/secrets/:name/`, ({ request, params }) => answer(request, String(params['name']))),
  http.get(`${VAULT}/secrets/:name`, ({ request, params }) => answer(request, String(params['name']))),
);

function answer(request: Request, name: string) {
  // The SDK asks without a token first and learns from the answer where to get one.
  if (!request.headers.has('authorization')) {
    return new HttpResponse(null, {
      status: 401,
      headers: {
        'www-authenticate':
          'Bearer authorization="https://login.microsoftonline.com/tenant", resource="https://vault.azure.net"',
      },
    });
  }
  asked.push(name);
  if (status !== 200) return HttpResponse.json({ error: { code: 'Broken' } }, { status });
  const value = stored.get(name);
  if (value === undefined) return HttpResponse.json({ error: { code: 'SecretNotFound' } }, { status: 404 });
  return HttpResponse.json({ value, id: `${VAULT}/secrets/${name}/1`, attributes: { enabled: true } });
}

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterAll(() => server.close());
beforeEach(() => {
  stored.clear();
  asked.length = 0;
  status = 200;
  time = 1_000;
});
afterEach(() => server.resetHandlers());

const credential = { getToken: async () => ({ token: 'fake', expiresOnTimestamp: Date.now() + 3_600_000 }) };
const fromVault = () =>
  createSecrets({
    settings: { KEY_VAULT_URL: VAULT },
    environment: { VISMA_CLIENT_SECRET: 'from the environment' },
    now: () => time,
    vault: async (url) =>
      new SecretClient(url, credential, { retryOptions: { maxRetries: 1, retryDelayInMs: 1, maxRetryDelayInMs: 1 } }),
  });
const MINUTE = 60_000;

describe('a secret in Key Vault', () => {
  it('is read once and kept for five minutes', async () => {
    const secrets = fromVault();
    stored.set('visma-client-secret', 'one');
    expect(await secrets.get('visma-client-secret')).toBe('one');
    expect(await Promise.all([secrets.get('visma-client-secret'), secrets.find('visma-client-secret')])).toEqual([
      'one',
      'one',
    ]);
    time += 4 * MINUTE;
    await secrets.get('visma-client-secret');
    expect(asked).toEqual(['visma-client-secret']);
    stored.set('visma-client-secret', 'two');
    time += 2 * MINUTE;
    // Given at once, and renewed behind the caller's back.
    expect(await secrets.get('visma-client-secret')).toBe('one');
    await expect.poll(() => secrets.get('visma-client-secret')).toBe('two');
    expect(asked).toHaveLength(2);
  });

  it('is asked for once by many at the same time', async () => {
    const secrets = fromVault();
    stored.set('hash-key', 'k');
    await Promise.all(Array.from({ length: 5 }, () => secrets.get('hash-key')));
    expect(asked).toHaveLength(1);
  });

  it('is fetched again at once when the other side says it is wrong', async () => {
    const secrets = fromVault();
    stored.set('visma-client-secret', 'old');
    await secrets.get('visma-client-secret');
    stored.set('visma-client-secret', 'new');
    secrets.refresh();
    expect(await secrets.get('visma-client-secret')).toBe('new');
  });

  it('that is not there is null, and `get` says which one is missing', async () => {
    const secrets = fromVault();
    expect(await secrets.find('crm-api-token')).toBeNull();
    await expect(secrets.get('crm-api-token')).rejects.toMatchObject({
      code: 'secrets.missing',
      details: { detail: 'crm-api-token' },
    });
  });

  it('that is put in place later is found without a restart', async () => {
    const secrets = fromVault();
    expect(await secrets.find('crm-webhook-secret')).toBeNull();
    stored.set('crm-webhook-secret', 'whsec_x');
    time += 6 * MINUTE;
    expect(await secrets.find('crm-webhook-secret')).toBe('whsec_x');
  });

  it('is the last known one while the vault is away, for an hour at most', async () => {
    const secrets = fromVault();
    stored.set('hash-key', 'k');
    await secrets.get('hash-key');
    status = 503;
    for (let minutes = 6; minutes < 60; minutes += 6) {
      time += 6 * MINUTE;
      expect(await secrets.get('hash-key')).toBe('k');
    }
    time += 6 * MINUTE;
    await expect(secrets.get('hash-key')).rejects.toMatchObject({ code: 'secrets.unreachable' });
    status = 200;
    stored.set('hash-key', 'k2');
    time += MINUTE;
    expect(await secrets.get('hash-key')).toBe('k2');
  });

  it('that the vault refuses or has disabled counts as missing, at once', async () => {
    const secrets = fromVault();
    stored.set('hash-key', 'k');
    await secrets.get('hash-key');
    status = 403;
    time += 6 * MINUTE;
    await secrets.find('hash-key');
    await expect.poll(() => secrets.find('hash-key')).toBeNull();
    await expect(secrets.get('visma-client-id')).rejects.toMatchObject({ code: 'secrets.missing' });
  });

  it('has no blanks or line breaks around it', async () => {
    stored.set('visma-client-secret', ' one\r\n');
    expect(await fromVault().get('visma-client-secret')).toBe('one');
    stored.set('crm-api-token', ' \n');
    expect(await fromVault().find('crm-api-token')).toBeNull();
  });

  it('never read while the vault is away is a failure that is tried again, without the vault’s words', async () => {
    const secrets = fromVault();
    status = 503;
    await expect(secrets.get('hash-key')).rejects.toMatchObject({
      code: 'secrets.unreachable',
      message: expect.not.stringContaining('Broken') as string,
    });
    status = 200;
    time += MINUTE;
    stored.set('hash-key', 'k');
    expect(await secrets.get('hash-key')).toBe('k');
  });

  it('is never taken from the environment', async () => {
    expect(await fromVault().find('visma-client-secret')).toBeNull();
  });
});

describe('a vault that never answers', () => {
  type Answer = { readonly value?: string };
  /** A vault whose calls the test answers, or does not. */
  function slowVault() {
    const calls: PromiseWithResolvers<Answer>[] = [];
    const getSecret = () => {
      const call = Promise.withResolvers<Answer>();
      calls.push(call);
      return call.promise as never;
    };
    return {
      calls,
      cache: createVaultCache(
        async () => ({ getSecret }),
        () => time,
        20,
      ),
    };
  }

  it('costs a caller nothing where a value is known, nor anything once it is well', async () => {
    const { calls, cache } = slowVault();
    const first = cache.find('x');
    await expect.poll(() => calls.length).toBe(1);
    calls[0]?.resolve({ value: 'one' });
    expect(await first).toBe('one');
    time += 6 * MINUTE;
    expect(await cache.find('x')).toBe('one');
    await expect.poll(() => calls.length).toBe(2);
    // The call that hangs is given up; the next, a few seconds later, is answered.
    await expect
      .poll(async () => {
        time += 1_000;
        expect(await cache.find('x')).toBe('one');
        return calls.length;
      })
      .toBe(3);
    calls[2]?.resolve({ value: 'two' });
    await expect.poll(() => cache.find('x')).toBe('two');
  });

  it('is asked once in five seconds, however many want to know and nothing is known', async () => {
    const { calls, cache } = slowVault();
    const asking = Array.from({ length: 500 }, () => cache.find('x'));
    const answers = await Promise.allSettled(asking);
    expect(answers.every(({ status: is }) => is === 'rejected')).toBe(true);
    await expect(cache.find('x')).rejects.toMatchObject({ code: 'secrets.unreachable' });
    expect(calls).toHaveLength(1);
    time += 5_000;
    await cache.find('x').catch(() => undefined);
    expect(calls).toHaveLength(2);
  });

  it('is not waited for longer than the limit while it is opened, either', async () => {
    const cache = createVaultCache(
      () => new Promise(() => undefined),
      () => time,
      20,
    );
    await expect(cache.find('x')).rejects.toMatchObject({ code: 'secrets.unreachable' });
  });
});

describe('a secret without Key Vault', () => {
  it('comes from the environment; empty is none', async () => {
    const secrets = createSecrets({
      settings: {},
      environment: { VISMA_CLIENT_ID: ' isv_x\n', CRM_API_TOKEN: '' },
      now: () => time,
      vault: () => Promise.reject(new Error('no vault')),
    });
    expect(await secrets.get('visma-client-id')).toBe('isv_x');
    expect(await secrets.find('crm-api-token')).toBeNull();
    await expect(secrets.get('hash-key')).rejects.toMatchObject({ details: { detail: 'HASH_KEY' } });
  });
});
