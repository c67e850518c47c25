import { describe, expect, test } from 'vitest';
import { QUEUES, TABLES } from '../../shared/storage-names.ts';
import { findAlertProblems } from './checks/alerts.ts';
import { findKeys } from './checks/keys.ts';
import { at, ofType, only, textAt } from './checks/read.ts';
import { findRoleProblems } from './checks/roles.ts';
import { deployableSettings, findSettingProblems } from './checks/settings.ts';
import { findStorageNameProblems } from './checks/storage-names.ts';
import { DEPLOYMENTS, type Deployment, type Json, type Resource } from './deployments.ts';

/** The checks are worth something only when they fail: each of these breaks the template on purpose. */
function mutate(change: (deployment: Deployment) => void): Deployment {
  const copy = structuredClone(DEPLOYMENTS.prod);
  change(copy);
  return copy;
}

const remove = (deployment: Deployment, found: (resource: Resource) => boolean) =>
  deployment.predictedResources.splice(deployment.predictedResources.findIndex(found), 1);

const object = (json: Json | undefined) => json as Record<string, Json>;

const siteConfig = (deployment: Deployment) =>
  object(at(only(deployment, 'Microsoft.Web/sites'), 'properties.siteConfig')) as { appSettings: Json[] };

const properties = (deployment: Deployment, type: string) => object(only(deployment, type)['properties']);

describe('roles', () => {
  const roles = ofType(DEPLOYMENTS.prod, 'Microsoft.Authorization/roleAssignments');

  test.each(roles.map((role) => [textAt(role, 'properties.roleDefinitionId').split('/').at(-1), role.id]))(
    'removing %s is noticed',
    (_, id) => {
      const broken = mutate((deployment) => remove(deployment, (resource) => resource.id === id));
      expect(findRoleProblems(broken)).toEqual([expect.stringContaining('is missing')]);
    },
  );

  test('one more is noticed', () => {
    const owner = '/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
    const broken = mutate((deployment) => {
      const [role] = structuredClone(roles);
      if (role)
        deployment.predictedResources.push({
          ...role,
          properties: { roleDefinitionId: owner, principalType: 'User' },
        });
    });
    expect(findRoleProblems(broken)).toHaveLength(2);
  });

  test('the right role in the wrong place is noticed', () => {
    const broken = mutate((deployment) => {
      const role = ofType(deployment, 'Microsoft.Authorization/roleAssignments')[0];
      if (role) Object.assign(role, { id: role.id.replace(/storageAccounts\/[^/]+/, 'storageAccounts/x/y/z') });
    });
    expect(findRoleProblems(broken)).toHaveLength(2);
  });
});

describe('settings', () => {
  test.each(deployableSettings())('removing %s is noticed', (name) => {
    const broken = mutate((deployment) => {
      const config = siteConfig(deployment);
      config.appSettings = config.appSettings.filter((setting) => at(setting, 'name') !== name);
    });
    expect(findSettingProblems(broken)).toContain(`the setting ${name} is missing`);
  });

  test('a value that the program refuses is noticed', () => {
    const broken = mutate((deployment) => {
      siteConfig(deployment).appSettings.push({ name: 'NXT_REQUESTS_PER_MINUTE', value: '5000' });
    });
    expect(findSettingProblems(broken)).toEqual([expect.stringContaining('NXT_REQUESTS_PER_MINUTE')]);
  });
});

describe('queues and tables', () => {
  test.each([...Object.values(QUEUES), ...Object.values(TABLES)])('removing %s is noticed', (name) => {
    const broken = mutate((deployment) => remove(deployment, (resource) => resource.name.endsWith(`/default/${name}`)));
    expect(findStorageNameProblems(broken)).toEqual([expect.stringContaining(`${name} is missing`)]);
  });
});

describe('keys', () => {
  const adding: Record<string, (deployment: Deployment) => void> = {
    'a storage connection string': (deployment) => {
      siteConfig(deployment).appSettings.push({ name: 'AzureWebJobsStorage', value: 'AccountName=a' });
    },
    'an account key in a value': (deployment) => {
      siteConfig(deployment).appSettings.push({ name: 'OTHER', value: 'AccountName=a;AccountKey=b' });
    },
    'a secret as a setting': (deployment) => {
      siteConfig(deployment).appSettings.push({ name: 'VISMA_CLIENT_SECRET', value: 'x' });
    },
    'a call for keys': (deployment) => {
      deployment.outputs['key'] = {
        value: "[listKeys(resourceId('Microsoft.Storage/storageAccounts', 'a'), '2025-01-01')]",
      };
    },
    'a secret in the vault': (deployment) => {
      const vault = only(deployment, 'Microsoft.KeyVault/vaults');
      deployment.predictedResources.push({ ...vault, type: 'Microsoft.KeyVault/vaults/secrets' });
    },
    'shared keys of the storage account': (deployment) => {
      properties(deployment, 'Microsoft.Storage/storageAccounts')['allowSharedKeyAccess'] = true;
    },
    'telemetry by key': (deployment) => {
      properties(deployment, 'Microsoft.Insights/components')['DisableLocalAuth'] = false;
    },
    'publishing by password': (deployment) => {
      remove(deployment, ({ name }) => name.endsWith('/scm'));
    },
  };

  test.each(Object.entries(adding))('%s is noticed', (_, add) => {
    expect(findKeys(mutate(add))).toHaveLength(1);
  });
});

test('an alert that is removed is noticed', () => {
  const rules = ofType(DEPLOYMENTS.prod, 'Microsoft.Insights/scheduledQueryRules');
  for (const rule of rules) {
    const broken = mutate((deployment) => remove(deployment, ({ id }) => id === rule.id));
    expect(findAlertProblems(broken)).toEqual([expect.stringContaining('is missing')]);
  }
});
