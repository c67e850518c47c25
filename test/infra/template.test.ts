import { describe, expect, test } from 'vitest';
import { findAlertProblems } from './checks/alerts.ts';
import { findSoftSpots } from './checks/hardening.ts';
import { findKeys } from './checks/keys.ts';
import { at, ofType, only } from './checks/read.ts';
import { findRoleProblems } from './checks/roles.ts';
import { findSettingProblems } from './checks/settings.ts';
import { findStorageNameProblems } from './checks/storage-names.ts';
import { DEPLOYMENTS, FULL } from './deployments.ts';

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

  test('sets every setting of the table, as the program reads it', () => {
    expect(findSettingProblems(deployment)).toEqual([]);
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

  test('prints the address to register at the CRM', () => {
    expect(deployment.outputs['webhookUrl']).toMatch(/^https:\/\/func-.*\/api\/webhooks\/crm$/);
  });
});

test('a new environment decides and writes nothing until somebody says so', () => {
  const names = [DEPLOYMENTS.dev, DEPLOYMENTS.prod].map((deployment) =>
    JSON.stringify(at(only(deployment, 'Microsoft.Web/sites').body, 'properties.siteConfig.appSettings')),
  );
  for (const settings of names) expect(settings).toContain('{"name":"SYNC_MODE","value":"plan"}');
});

describe('private networking', () => {
  test('closes storage and vault to the internet', () => {
    for (const type of ['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults']) {
      expect(at(only(FULL, type).body, 'properties.publicNetworkAccess')).toBe('Disabled');
      expect(at(only(FULL, type).body, 'properties.networkAcls.defaultAction')).toBe('Deny');
    }
  });

  test('gives blob, queue, table and vault an endpoint, a zone and a record each', () => {
    const kinds = (type: string) => ofType(FULL, type).map(({ name }) => /\b(blob|queue|table|vault)/.exec(name)?.[0]);
    expect(kinds('Microsoft.Network/privateEndpoints')).toEqual(['blob', 'queue', 'table', 'vault']);
    expect(kinds('Microsoft.Network/privateDnsZones')).toEqual(['blob', 'queue', 'table', 'vault']);
    expect(ofType(FULL, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups')).toHaveLength(4);
    expect(ofType(FULL, 'Microsoft.Network/privateDnsZones/virtualNetworkLinks')).toHaveLength(4);
  });

  test('puts the app into the delegated subnet', () => {
    const network = JSON.stringify(only(FULL, 'Microsoft.Network/virtualNetworks').body);
    expect(network).toContain('"serviceName":"Microsoft.App/environments"');
    expect(at(only(FULL, 'Microsoft.Web/sites').body, 'properties.virtualNetworkSubnetId')).toMatch(
      /\/subnets\/snet-app$/,
    );
  });

  test('is off unless asked for', () => {
    expect(ofType(DEPLOYMENTS.prod, 'Microsoft.Network/virtualNetworks')).toEqual([]);
    expect(at(only(DEPLOYMENTS.prod, 'Microsoft.Web/sites').body, 'properties.virtualNetworkSubnetId')).toBeNull();
  });
});

describe('sign-in for the console', () => {
  const signIn = only(FULL, 'Microsoft.Web/sites/config').body;

  test('wants a person everywhere but where a request brings its own proof', () => {
    expect(at(signIn, 'properties.globalValidation.requireAuthentication')).toBe(true);
    const open = at(signIn, 'properties.globalValidation.excludedPaths');
    expect(open).toEqual(expect.arrayContaining(['/api/health', '/api/webhooks/crm', '/api/ops-key/*']));
    expect(open).not.toContain('/api/ops');
  });

  test('is proved by the app’s identity, without a client secret', () => {
    const registration = at(signIn, 'properties.identityProviders.azureActiveDirectory.registration') ?? null;
    expect(at(registration, 'clientSecretSettingName')).toBe('OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID');
  });
});
