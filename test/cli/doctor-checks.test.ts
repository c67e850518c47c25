import { describe, expect, it } from 'vitest';
import { checkClock } from '../../cli/doctor/check-clock.ts';
import { checkCrm } from '../../cli/doctor/check-crm.ts';
import { createExpiries, soon } from '../../shared/secrets/index.ts';
import { readSettings } from '../../shared/settings.ts';
import { createSource } from '../../shared/sources/index.ts';
import { systemClock } from '../../shared/erp/index.ts';
import { createLocalGate } from '../kit/local-gate.ts';
import { adapterSettingsOf } from '../shared/sources/adapter.ts';
import { FIRM_MAPPING } from '../shared/sources/mapped/firm-crm.ts';

const NOW = Date.UTC(2026, 10, 21, 8);
const answers =
  (status: number, headers: Record<string, string> = {}): typeof fetch =>
  async () =>
    new Response(null, { status, headers });
const silence: typeof fetch = () => Promise.reject(new TypeError('fetch failed'));

describe('the clock', () => {
  const at = (milliseconds: number) => answers(405, { date: new Date(milliseconds).toUTCString() });
  it('is right within a minute, whatever else the answer says', async () => {
    expect(await checkClock('https://x', () => NOW, at(NOW + 30_000))).toMatchObject({ is: 'ok' });
  });
  it('is red where it is off, with how to set it', async () => {
    for (const off of [-90_000, 400_000]) {
      const check = await checkClock('https://x', () => NOW, at(NOW + off));
      expect(check).toMatchObject({ is: 'bad', detail: `${Math.abs(off) / 1000} s from Visma’s` });
      expect(check.todo).toContain('timedatectl');
    }
  });
  it('is not judged where nobody answers', async () => {
    expect(await checkClock('https://x', () => NOW, silence)).toMatchObject({ is: 'note' });
    expect(await checkClock('https://x', () => NOW, answers(200))).toMatchObject({ is: 'note' });
  });
});

describe('the CRM’s end', () => {
  const settings = readSettings({
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    VISMA_CLIENT_ID: 'a',
    VISMA_CLIENT_SECRET: 'b',
    NXT_COMPANY_NO: '1',
    CRM_API_URL: 'https://crm.example/api',
    CRM_API_TOKEN: 't',
  });
  const secrets = { find: async () => 't', get: async () => 't', refresh: () => undefined };
  it.each([
    [200, 'ok', ''],
    [404, 'ok', ''],
    [405, 'ok', ''],
    [401, 'bad', 'put the right crm-api-token'],
    [403, 'bad', 'put the right crm-api-token'],
    [302, 'bad', 'set CRM_API_URL'],
    [503, 'bad', 'ask whoever runs the CRM'],
  ])('answers %d: %s', async (status, is, todo) => {
    const check = await checkCrm({ settings, secrets }, answers(status));
    expect(check).toMatchObject({ is });
    expect(check.todo).toContain(todo);
  });
  it('does not answer', async () => {
    expect(await checkCrm({ settings, secrets }, silence)).toMatchObject({
      is: 'bad',
      todo: 'check CRM_API_URL and the network',
    });
  });
});

describe('the end of a CRM that a mapping describes', () => {
  const detailWith = async (mapping: object): Promise<string> => {
    const source = await createSource(
      adapterSettingsOf({
        CRM_ADAPTER: 'mapped',
        CRM_MAPPING: JSON.stringify(mapping),
        CRM_API_URL: 'https://crm.example',
      }),
    );
    const crm = source.connect({
      token: async () => 't',
      forgetToken: () => undefined,
      secret: async () => 't',
      gate: () => createLocalGate({ requestsPerMinute: 1, inProgress: 1, clock: systemClock }),
      now: () => NOW,
      fetch: silence,
    });
    const settings = readSettings({
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      VISMA_CLIENT_ID: 'a',
      VISMA_CLIENT_SECRET: 'b',
      NXT_COMPANY_NO: '1',
      CRM_ADAPTER: 'mapped',
      CRM_MAPPING: JSON.stringify(mapping),
      CRM_API_URL: 'https://crm.example',
      CRM_API_TOKEN: 't',
    });
    const secrets = { find: async () => 't', get: async () => 't', refresh: () => undefined };
    return (await checkCrm({ settings, secrets, crm }, silence)).detail;
  };

  it('is told with the fields that accounting’s edits can reach', async () => {
    expect(await detailWith(FIRM_MAPPING)).toContain('customer: address, city; contact: name, phoneNumber; others are');
    const body = "{ 'no': customerNumber }";
    const numbers = { customer: { method: 'PATCH', url: '/firms/{crmId}', body } };
    expect(await detailWith({ ...FIRM_MAPPING, fields: undefined, numbers })).toContain(
      'no fields (the mapping has no "fields")',
    );
  });
});

describe('the dates of the vault’s secrets', () => {
  const day = 86_400_000;
  const vault = async () => ({
    async getSecret(name: string) {
      if (name === 'crm-api-token') throw new Error('missing');
      const expiresOn =
        name === 'hash-key' ? undefined : new Date(NOW + (name === 'visma-client-secret' ? 10 : 90) * day);
      return { name, value: 'x', properties: { name, vaultUrl: '', ...(expiresOn && { expiresOn }) } };
    },
  });
  it('are known where somebody gave them one, and said thirty days before', async () => {
    const expiries = await createExpiries({ url: 'https://v.vault.azure.net', vault, now: () => NOW })();
    expect(expiries?.map(({ name }) => name)).not.toContain('hash-key');
    expect(soon(expiries ?? [], NOW).map(({ name }) => name)).toEqual(['visma-client-secret']);
    expect(JSON.stringify(expiries)).not.toContain('"x"');
  });
  it('are unknown without a vault, and where it does not open', async () => {
    const now = () => NOW;
    expect(await createExpiries({ url: undefined, vault, now })()).toBeNull();
    const closed = () => Promise.reject(new Error('403'));
    expect(await createExpiries({ url: 'https://v', vault: closed, now })()).toBeNull();
  });
});
