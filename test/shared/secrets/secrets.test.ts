import { SecretClient } from '@azure/keyvault-secrets';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSecrets } from '../../../shared/secrets/index.ts';

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
    expect(await secrets.get('visma-client-secret')).toBe('two');
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

  it('is the last known one while the vault is away, also for longer than five minutes', async () => {
    const secrets = fromVault();
    stored.set('hash-key', 'k');
    await secrets.get('hash-key');
    status = 503;
    for (let minutes = 0; minutes < 30; minutes += 6) {
      time += 6 * MINUTE;
      expect(await secrets.get('hash-key')).toBe('k');
    }
    status = 200;
    stored.set('hash-key', 'k2');
    time += 6 * MINUTE;
    expect(await secrets.get('hash-key')).toBe('k2');
  });

  it('never read while the vault is away is a failure that is tried again, without the vault’s words', async () => {
    const secrets = fromVault();
    status = 403;
    await expect(secrets.get('hash-key')).rejects.toMatchObject({
      code: 'secrets.unreachable',
      message: expect.not.stringContaining('Broken') as string,
    });
    status = 200;
    stored.set('hash-key', 'k');
    expect(await secrets.get('hash-key')).toBe('k');
  });

  it('is never taken from the environment', async () => {
    expect(await fromVault().find('visma-client-secret')).toBeNull();
  });
});

describe('a secret without Key Vault', () => {
  it('comes from the environment; empty is none', async () => {
    const secrets = createSecrets({
      settings: {},
      environment: { VISMA_CLIENT_ID: 'isv_x', CRM_API_TOKEN: '' },
      now: () => time,
      vault: () => Promise.reject(new Error('no vault')),
    });
    expect(await secrets.get('visma-client-id')).toBe('isv_x');
    expect(await secrets.find('crm-api-token')).toBeNull();
    await expect(secrets.get('hash-key')).rejects.toMatchObject({ details: { detail: 'HASH_KEY' } });
  });
});
