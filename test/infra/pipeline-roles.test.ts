import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEPLOYMENTS, INFRA } from './deployments.ts';

interface Role {
  readonly Actions: readonly string[];
  readonly NotActions: readonly string[];
  readonly DataActions: readonly string[];
}

const read = (name: string) => JSON.parse(readFileSync(join(INFRA, `roles/${name}.json`), 'utf8')) as Role;

const matches = (pattern: string, action: string) =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 'i').test(action);

/** What Azure would decide: allowed by an action, and by no not-action taken away. */
const may = ({ Actions, NotActions }: Role, action: string) =>
  Actions.some((pattern) => matches(pattern, action)) && !NotActions.some((pattern) => matches(pattern, action));

const types = [
  ...new Set(
    Object.values(DEPLOYMENTS).flatMap(({ predictedResources }) => predictedResources.map(({ type }) => type)),
  ),
];

describe('pull requests', () => {
  const plan = read('plan');

  test.each(types)('may read %s, which what-if compares with', (type) => {
    expect(may(plan, `${type}/read`)).toBe(true);
  });

  test('may ask, and change nothing', () => {
    expect(plan.Actions.filter((action) => !action.endsWith('/read'))).toEqual([
      'Microsoft.Resources/deployments/validate/action',
      'Microsoft.Resources/deployments/whatIf/action',
    ]);
    expect(plan.DataActions).toEqual([]);
  });

  test.each([
    'Microsoft.OperationalInsights/workspaces/sharedKeys/read',
    'Microsoft.OperationalInsights/workspaces/query/read',
    'Microsoft.OperationalInsights/workspaces/query/AppTraces/read',
    'Microsoft.Insights/components/api/read',
    'Microsoft.KeyVault/vaults/secrets/read',
    'Microsoft.Web/sites/functions/keys/read',
  ])('may not read %s', (action) => {
    expect(may(plan, action)).toBe(false);
  });
});

describe('the deployer', () => {
  const deploy = read('deploy');

  // Role assignments come from a built-in role under a condition: bootstrap.sh.
  test.each(types.filter((type) => type !== 'Microsoft.Authorization/roleAssignments'))('may make %s', (type) => {
    expect(may(deploy, `${type}/read`)).toBe(true);
    expect(may(deploy, `${type}/write`)).toBe(true);
  });

  test.each([
    // Linking Application Insights and diagnostics to the workspace asks for it, though the keys open nothing here.
    'Microsoft.OperationalInsights/workspaces/sharedKeys/action',
    'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    'Microsoft.Network/virtualNetworks/subnets/join/action',
    'Microsoft.Resources/deployments/write',
  ])('may %s', (action) => {
    expect(may(deploy, action)).toBe(true);
  });

  test.each([
    'Microsoft.Authorization/locks/delete',
    'Microsoft.Authorization/roleAssignments/write',
    'Microsoft.Authorization/roleDefinitions/write',
    'Microsoft.KeyVault/vaults/accessPolicies/write',
    'Microsoft.KeyVault/vaults/deploy/action',
    'Microsoft.KeyVault/vaults/secrets/write',
    'Microsoft.Storage/storageAccounts/listKeys/action',
    'Microsoft.Web/sites/functions/listKeys/action',
    'Microsoft.Web/sites/host/listKeys/action',
    'Microsoft.Web/sites/hostruntime/host/_master/read',
    'Microsoft.Web/sites/publishxml/action',
  ])('may not %s', (action) => {
    expect(may(deploy, action)).toBe(false);
  });

  test('reads no data', () => {
    expect(deploy.DataActions).toEqual([]);
  });
});
