import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findAlertProblems } from './checks/alerts.ts';
import { findSoftSpots } from './checks/hardening.ts';
import { findKeys } from './checks/keys.ts';
import { appSettings, at, ofType, only, scopeOf } from './checks/read.ts';
import { findRoleProblems } from './checks/roles.ts';
import { deployableSettings, findSettingProblems } from './checks/settings.ts';
import { findStorageNameProblems } from './checks/storage-names.ts';
import { DEPLOYMENTS, ROOT, type Deployment } from './deployments.ts';

const FULL = DEPLOYMENTS.everything;

describe.each([
  ['dev', DEPLOYMENTS.dev, 'dev'],
  ['prod', DEPLOYMENTS.prod, 'prod'],
  ['prod with every option', FULL, 'prod'],
] as const)('%s', (_, deployment, environment) => {
  test('holds no key and lets none in', () => {
    expect(findKeys(deployment)).toEqual([]);
  });

  test('gives the app the intended roles and no other', () => {
    expect(findRoleProblems(deployment)).toEqual([]);
  });

  test('could be evaluated whole', () => {
    expect(deployment.diagnostics).toEqual([]);
  });

  test('makes the queues and tables of the program', () => {
    expect(findStorageNameProblems(deployment)).toEqual([]);
  });

  test('is closed where it can be closed', () => {
    expect(findSoftSpots(deployment, environment)).toEqual([]);
  });

  test('tells somebody when something is wrong', () => {
    expect(findAlertProblems(deployment)).toEqual([]);
  });

  test('uses names that Azure accepts', () => {
    expect(only(deployment, 'Microsoft.Storage/storageAccounts').name).toMatch(/^[a-z0-9]{3,24}$/);
    expect(only(deployment, 'Microsoft.KeyVault/vaults').name).toMatch(/^[a-z][a-z0-9-]{1,22}[a-z0-9]$/);
    expect(only(deployment, 'Microsoft.Web/sites').name).toMatch(/^[a-z0-9-]{2,43}$/);
  });
});

describe('settings', () => {
  test.each([
    ['dev', DEPLOYMENTS.dev],
    ['prod', DEPLOYMENTS.prod],
  ])('%s gets every setting there is, and the program accepts them', (_, deployment) => {
    expect(findSettingProblems(deployment)).toEqual([]);
  });

  test('every value reaches the app under its own name', () => {
    const file = readFileSync(join(ROOT, 'test/infra/everything.bicepparam'), 'utf8');
    const given = Object.fromEntries(
      [...file.matchAll(/^ {2}([A-Z_]+): '(.*)'$/gm)].map(([, name = '', value = '']) => [name, value] as const),
    );
    expect(Object.keys(given)).toEqual(expect.arrayContaining(deployableSettings()));
    expect(appSettings(FULL)).toMatchObject(given);
  });

  test('every setting is a variable of the same name', () => {
    const file = readFileSync(join(ROOT, 'infra/settings.bicepparam'), 'utf8');
    const read = [...file.matchAll(/^ {2}([A-Z_]+): readEnvironmentVariable\('([A-Z_]+)'/gm)];
    expect(read.map(([, name]) => name)).toEqual(expect.arrayContaining(deployableSettings()));
    for (const [, name, variable] of read) expect(variable).toBe(name);
  });

  test('a new environment decides and writes nothing until somebody says so', () => {
    expect(appSettings(DEPLOYMENTS.dev)['SYNC_MODE']).toBe('plan');
    expect(appSettings(DEPLOYMENTS.prod)['SYNC_MODE']).toBe('plan');
  });

  test('the address to register is that of the adapter', () => {
    expect(DEPLOYMENTS.prod.outputs['webhookUrl']).toContain("'crm'");
    expect(FULL.outputs['webhookUrl']).toContain("'hubspot'");
  });
});

describe('what-if', () => {
  test.each(Object.entries(DEPLOYMENTS))('foresees every name of %s', (_, deployment) => {
    for (const { id, name } of deployment.predictedResources) expect(`${id} ${name}`).not.toContain('reference(');
  });
});

describe('what must not be lost', () => {
  const locked = (deployment: Deployment) =>
    ofType(deployment, 'Microsoft.Authorization/locks').map((lock) => scopeOf(lock).split('/').at(-2));

  test('storage and vault of prod cannot be deleted, those of dev can', () => {
    expect(locked(DEPLOYMENTS.prod)).toEqual(['storageAccounts', 'vaults']);
    expect(locked(DEPLOYMENTS.dev)).toEqual([]);
  });
});

describe('logs', () => {
  test.each([
    ['dev', DEPLOYMENTS.dev, 30],
    ['prod', DEPLOYMENTS.prod, 90],
  ])('%s keeps every table as long as docs/privacy.md says', (name, deployment, days) => {
    const workspace = only(deployment, 'Microsoft.OperationalInsights/workspaces');
    expect(at(workspace, 'properties.retentionInDays')).toBe(days);
    expect(at(workspace, 'properties.features.immediatePurgeDataOn30Days')).toBe(true);
    const tables = ofType(deployment, 'Microsoft.OperationalInsights/workspaces/tables');
    expect(tables.map((table) => table.name.split('/').at(-1))).toEqual(
      expect.arrayContaining(['AppTraces', 'AppRequests', 'AppDependencies', 'AppExceptions', 'AppMetrics']),
    );
    for (const table of tables) {
      expect(at(table, 'properties.retentionInDays')).toBe(days);
      expect(at(table, 'properties.totalRetentionInDays')).toBe(days);
    }
    expect(readFileSync(join(ROOT, 'docs/privacy.md'), 'utf8')).toMatch(new RegExp(`${days} (days )?in ${name}`));
  });
});

describe('private networking', () => {
  test('closes storage and vault to the internet', () => {
    for (const type of ['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults']) {
      expect(at(only(FULL, type), 'properties.publicNetworkAccess')).toBe('Disabled');
      expect(at(only(FULL, type), 'properties.networkAcls.defaultAction')).toBe('Deny');
    }
  });

  test('gives blob, queue, table and vault an endpoint, a zone and a record each', () => {
    const kinds = (type: string) => ofType(FULL, type).map(({ name }) => /\b(blob|queue|table|vault)/.exec(name)?.[0]);
    expect(kinds('Microsoft.Network/privateEndpoints').sort()).toEqual(['blob', 'queue', 'table', 'vault']);
    expect(kinds('Microsoft.Network/privateDnsZones').sort()).toEqual(['blob', 'queue', 'table', 'vault']);
    expect(ofType(FULL, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups')).toHaveLength(4);
    expect(ofType(FULL, 'Microsoft.Network/privateDnsZones/virtualNetworkLinks')).toHaveLength(4);
  });

  test('puts the app into the delegated subnet', () => {
    const network = JSON.stringify(only(FULL, 'Microsoft.Network/virtualNetworks'));
    expect(network).toContain('"serviceName":"Microsoft.App/environments"');
    expect(at(only(FULL, 'Microsoft.Web/sites'), 'properties.virtualNetworkSubnetId')).toMatch(/\/subnets\/snet-app$/);
  });

  test('is off unless asked for', () => {
    expect(ofType(DEPLOYMENTS.prod, 'Microsoft.Network/virtualNetworks')).toEqual([]);
    expect(at(only(DEPLOYMENTS.prod, 'Microsoft.Web/sites'), 'properties.virtualNetworkSubnetId')).toBeNull();
  });
});

describe('sign-in for the console', () => {
  const signIn = only(FULL, 'Microsoft.Web/sites/config');

  test('wants a person everywhere but where a request brings its own proof', () => {
    expect(at(signIn, 'properties.globalValidation.requireAuthentication')).toBe(true);
    const routes = ['crm', 'hubspot', 'superoffice', 'nxt'].map((source) => `/api/webhooks/${source}`);
    const open = at(signIn, 'properties.globalValidation.excludedPaths');
    expect(open).toEqual(expect.arrayContaining(['/api/health', ...routes, '/api/ops-key/*']));
    expect(open).not.toContain('/api/ops');
  });

  test('tells the program whose tokens to take, and only where there is a sign-in', () => {
    expect(appSettings(FULL)).toMatchObject({
      CONSOLE_CLIENT_ID: '00000000-0000-0000-0000-0000000000ee',
      CONSOLE_TENANT_ID: '00000000-0000-0000-0000-000000000002',
    });
    expect(appSettings(DEPLOYMENTS.prod)).not.toHaveProperty('CONSOLE_CLIENT_ID');
    expect(ofType(DEPLOYMENTS.prod, 'Microsoft.Web/sites/config')).toEqual([]);
  });

  test('is proved by the app’s identity, without a client secret', () => {
    const registration = at(signIn, 'properties.identityProviders.azureActiveDirectory.registration') ?? null;
    expect(at(registration, 'clientSecretSettingName')).toBe('OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID');
  });
});
