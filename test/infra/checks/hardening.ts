import type { Deployment, Json } from '../deployments.ts';
import { at, only } from './read.ts';

type Wish = readonly [type: string, path: string, value: Json];

const ALWAYS: readonly Wish[] = [
  ['Microsoft.Web/sites', 'properties.httpsOnly', true],
  ['Microsoft.Web/sites', 'properties.siteConfig.minTlsVersion', '1.2'],
  ['Microsoft.Web/sites', 'properties.siteConfig.scmMinTlsVersion', '1.2'],
  ['Microsoft.Web/sites', 'properties.siteConfig.ftpsState', 'Disabled'],
  ['Microsoft.Web/sites', 'properties.functionAppConfig.runtime.name', 'node'],
  ['Microsoft.Web/sites', 'properties.functionAppConfig.runtime.version', '24'],
  ['Microsoft.Web/sites', 'identity.type', 'UserAssigned'],
  ['Microsoft.Web/serverfarms', 'sku.name', 'FC1'],
  ['Microsoft.Storage/storageAccounts', 'properties.minimumTlsVersion', 'TLS1_2'],
  ['Microsoft.Storage/storageAccounts', 'properties.supportsHttpsTrafficOnly', true],
  ['Microsoft.KeyVault/vaults', 'properties.enableSoftDelete', true],
];

const BY_ENVIRONMENT: Readonly<Record<'dev' | 'prod', readonly Wish[]>> = {
  dev: [
    ['Microsoft.KeyVault/vaults', 'properties.softDeleteRetentionInDays', 7],
    ['Microsoft.KeyVault/vaults', 'properties.enablePurgeProtection', null],
  ],
  prod: [
    ['Microsoft.KeyVault/vaults', 'properties.softDeleteRetentionInDays', 90],
    ['Microsoft.KeyVault/vaults', 'properties.enablePurgeProtection', true],
  ],
};

export function findSoftSpots(deployment: Deployment, environment: 'dev' | 'prod'): string[] {
  return [...ALWAYS, ...BY_ENVIRONMENT[environment]]
    .filter(([type, path, value]) => at(only(deployment, type), path) !== value)
    .map(([type, path, value]) => `${type}: ${path} must be ${JSON.stringify(value)}`);
}
