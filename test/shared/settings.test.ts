import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from '../../shared/settings.ts';

const GOOD = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  NXT_COMPANY_NO: '1234567',
  VISMA_CLIENT_ID: 'isv_x',
  VISMA_CLIENT_SECRET: 'secret',
  CRM_WEBHOOK_SECRET: 'whsec_x',
};

const HASH_KEY = Buffer.alloc(32, 1).toString('base64');

function problemsOf(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) {
      return Object.fromEntries(error.problems.map(({ name, message }) => [name, message]));
    }
    throw error;
  }
  return {};
}

describe('the settings', () => {
  it('have the contract’s defaults', () => {
    expect(readSettings(GOOD)).toMatchObject({
      NXT_EXTERNAL_ID_COLUMN: 'externalId',
      NXT_EXTERNAL_ID_PREFIX: 'crm',
      NXT_FIRST_LINK: 'update',
      NXT_ERP_EDITS: 'keep',
      NXT_SAME_ORG_NUMBER: 'ask',
      NXT_ON_CONTACT_DELETED: 'clear',
      NXT_ON_CUSTOMER_DELETED: 'keep',
      DELETES_PER_HOUR: 50,
      NXT_REQUESTS_PER_MINUTE: 500,
      NXT_MAX_IN_PROGRESS: 10,
      NXT_TIMEOUT_SECONDS: 65,
      NXT_DOUBT_SECONDS: 90,
      LEASE_SECONDS: 150,
      SWEEP_SECONDS: 60,
      SYNC_MODE: 'write',
      WAIT_FOR_CUSTOMER_HOURS: 168,
      RETENTION_FAILED_DAYS: 30,
      RETENTION_DELETED_DAYS: 30,
      ERP_TO_CRM: 'report',
      NXT_POLL_MINUTES: 15,
      CRM_WRITES_PER_HOUR: 200,
      FIELD_OWNER: {
        customerNumber: 'erp',
        actorNumber: 'erp',
        relatedCustomerActorNumber: 'erp',
        organizationNumber: 'ask',
        companyName: 'both',
        address: 'both',
        postalCode: 'both',
        city: 'both',
        name: 'crm',
        emailAddress: 'crm',
        phoneNumber: 'crm',
      },
      NXT_COMPANY_NO: 1_234_567,
      NXT_CUSTOMER_DEFAULTS: {},
      VISMA_TOKEN_URL: 'https://connect.visma.com/connect/token',
    });
  });

  it('of the way back take decimals and one field at a time, and nothing else', () => {
    const some = readSettings({ ...GOOD, NXT_POLL_MINUTES: '0.5', FIELD_OWNER: '{"address":"erp"}' });
    expect(some.NXT_POLL_MINUTES).toBe(0.5);
    expect(some.FIELD_OWNER).toMatchObject({ address: 'erp', city: 'both' });
    const bad = { ...GOOD, NXT_POLL_MINUTES: '-1', ERP_TO_CRM: 'on', CRM_WRITES_PER_HOUR: 'many' };
    for (const owner of ['{"adress":"erp"}', '{"city":"me"}', '{"customerNumber":"crm"}', 'erp', '[]']) {
      expect(Object.keys(problemsOf({ ...bad, FIELD_OWNER: owner })).sort()).toEqual([
        'CRM_WRITES_PER_HOUR',
        'ERP_TO_CRM',
        'FIELD_OWNER',
        'NXT_POLL_MINUTES',
      ]);
    }
  });

  it('that are missing are listed all at once', () => {
    expect(Object.keys(problemsOf({})).sort()).toEqual([
      'AzureWebJobsStorage',
      'NXT_COMPANY_NO',
      'VISMA_CLIENT_ID',
      'VISMA_CLIENT_SECRET',
    ]);
  });

  it('that are wrong are listed all at once, each with what to do', () => {
    const problems = problemsOf({
      ...GOOD,
      NXT_COMPANY_NO: 'seven',
      NXT_FIRST_LINK: 'merge',
      NXT_GRAPHQL_URL: 'business.visma.net',
      NXT_CUSTOMER_DEFAULTS: '{"Gr": ',
      NXT_CONTACT_DEFAULTS: '{"Gr": [1]}',
      NXT_REQUESTS_PER_MINUTE: '601',
      RETENTION_DELETED_DAYS: '7',
      NXT_CUSTOMER_NUMBER_FROM: '20000',
      AzureWebJobsStorage: 'nonsense',
      HASH_KEY: 'short',
    });
    expect(Object.keys(problems).sort()).toEqual([
      'AzureWebJobsStorage',
      'HASH_KEY',
      'NXT_COMPANY_NO',
      'NXT_CONTACT_DEFAULTS',
      'NXT_CUSTOMER_DEFAULTS',
      'NXT_CUSTOMER_NUMBER_TO',
      'NXT_FIRST_LINK',
      'NXT_GRAPHQL_URL',
      'NXT_REQUESTS_PER_MINUTE',
      'RETENTION_DELETED_DAYS',
    ]);
    expect(problems).toMatchObject({
      NXT_FIRST_LINK: 'one of update, fill, link-only',
      NXT_REQUESTS_PER_MINUTE: 'at most 600',
      RETENTION_DELETED_DAYS: 'at least 30',
      NXT_CUSTOMER_NUMBER_TO: 'set both ends of the interval, or neither',
    });
    expect(Object.values(problems).every((message) => message.length > 5)).toBe(true);
  });

  it.each([
    'NXT_COMPANY_NO',
    'NXT_FIRST_LINK',
    'NXT_GRAPHQL_URL',
    'CRM_API_URL',
    'KEY_VAULT_URL',
    'NXT_CUSTOMER_DEFAULTS',
    'NXT_EXTERNAL_ID_PREFIX',
    'NXT_EXTERNAL_ID_COLUMN',
    'SYNC_MODE',
    'LEASE_SECONDS',
  ])('never repeat a value: %s', (name) => {
    const value = 'hemmelig verdi!';
    try {
      readSettings({ ...GOOD, [name]: value });
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      expect(error.problems.map((problem) => problem.name)).toContain(name);
      const shown = JSON.stringify([error.problems, error.message, String(error), error.details]);
      expect(shown).not.toContain('hemmelig');
      expect(shown).not.toContain('whsec_x');
    }
  });

  it('do without a webhook secret: intake then answers 401 to everybody', () => {
    expect(problemsOf({ ...GOOD, CRM_WEBHOOK_SECRET: '' })).toEqual({});
  });

  it('with KEY_VAULT_URL refuse the environment forms of the secrets', () => {
    const problems = problemsOf({ ...GOOD, KEY_VAULT_URL: 'https://x.vault.azure.net', HASH_KEY: 'k' });
    expect(Object.keys(problems).sort()).toEqual([
      'CRM_WEBHOOK_SECRET',
      'HASH_KEY',
      'VISMA_CLIENT_ID',
      'VISMA_CLIENT_SECRET',
    ]);
  });

  it('need the CRM’s token where numbers are written back', () => {
    expect(problemsOf({ ...GOOD, CRM_API_URL: 'https://crm.example' })).toHaveProperty('CRM_API_TOKEN');
    expect(problemsOf({ ...GOOD, CRM_API_URL: 'https://crm.example', CRM_API_TOKEN: 't' })).toEqual({});
  });

  it('take storage by identity, and empty text as unset', () => {
    const rest = { ...GOOD, AzureWebJobsStorage: undefined };
    expect(problemsOf({ ...rest, HASH_KEY, AzureWebJobsStorage__accountName: 'account' })).toEqual({});
    expect(problemsOf({ ...GOOD, NXT_COMPANY_NO: '', NXT_FIRST_LINK: '' })).toEqual({
      NXT_COMPANY_NO: 'missing: set it to the Visma.net company number',
    });
  });

  it.each([
    ['NXT_GRAPHQL_URL', 'http://business.visma.net/api', 'this machine only'],
    ['VISMA_TOKEN_URL', 'http://[::2]/token', 'this machine only'],
    ['NXT_GRAPHQL_URL', 'https://user:pw@business.visma.net', 'without user name'],
    ['CRM_API_URL', 'https://crm.example/api?token=x', 'without query'],
    ['CRM_API_URL', 'https://crm.example/#x', 'without query'],
    ['CRM_API_URL', 'ftp://crm.example', 'an https URL'],
    ['CRM_API_URL', 'http://127.0.0.1.example.com', 'this machine only'],
    ['KEY_VAULT_URL', 'https://x.vault.azure.net.example.com', 'vault’s address'],
    ['KEY_VAULT_URL', 'http://x.vault.azure.net', 'this machine only'],
    ['AzureWebJobsStorage', 'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=aa==', 'https'],
    ['AzureWebJobsStorage', 'AccountName=a;AccountKey=aa==;TableEndpoint=http://a.table.core.windows.net', 'https'],
    ['AzureWebJobsStorage__tableServiceUri', 'http://a.table.core.windows.net', 'this machine only'],
  ])('refuse an address that would give something away: %s %s', (name, value, message) => {
    expect(problemsOf({ ...GOOD, HASH_KEY, CRM_API_TOKEN: 't', [name]: value })[name]).toContain(message);
  });

  it.each([
    ['CRM_API_URL', 'https://crm.example/api'],
    ['CRM_API_URL', 'http://127.0.0.1:7200'],
    ['NXT_GRAPHQL_URL', 'http://localhost:7100/api'],
    ['VISMA_TOKEN_URL', 'http://[::1]:7100/connect/token'],
  ])('take %s=%s', (name, value) => {
    expect(problemsOf({ ...GOOD, CRM_API_TOKEN: 't', [name]: value })).toEqual({});
  });

  it('need a hash key where storage is not on this machine, and none where it is', () => {
    const account = 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aa==;EndpointSuffix=core.windows.net';
    const azurite =
      'AccountName=a;AccountKey=aa==;QueueEndpoint=http://127.0.0.1:1/a;TableEndpoint=http://127.0.0.1:2/a';
    expect(problemsOf({ ...GOOD, AzureWebJobsStorage: account })).toHaveProperty('HASH_KEY');
    expect(problemsOf({ ...GOOD, AzureWebJobsStorage: account, HASH_KEY })).toEqual({});
    expect(problemsOf({ ...GOOD, AzureWebJobsStorage: azurite })).toEqual({});
    const vault = { ...GOOD, CRM_WEBHOOK_SECRET: '', VISMA_CLIENT_ID: '', VISMA_CLIENT_SECRET: '' };
    const withVault = { ...vault, KEY_VAULT_URL: 'https://x.vault.azure.net' };
    expect(problemsOf({ ...withVault, AzureWebJobsStorage: account })).toEqual({
      AzureWebJobsStorage: expect.stringContaining('remove the key') as string,
    });
    expect(problemsOf({ ...withVault, AzureWebJobsStorage: azurite })).toEqual({});
  });

  it('are read without the blanks and line breaks around them', () => {
    expect(readSettings({ ...GOOD, NXT_COMPANY_NO: ' 7\r\n', SYNC_MODE: 'plan ', NXT_FIRST_LINK: ' ' })).toMatchObject({
      NXT_COMPANY_NO: 7,
      SYNC_MODE: 'plan',
      NXT_FIRST_LINK: 'update',
    });
  });

  it('refuse an interval that ends before it begins', () => {
    const interval = { NXT_CUSTOMER_NUMBER_FROM: '200', NXT_CUSTOMER_NUMBER_TO: '100' };
    expect(Object.keys(problemsOf({ ...GOOD, ...interval }))).toEqual(['NXT_CUSTOMER_NUMBER_FROM']);
  });
});
