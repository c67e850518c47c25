import type { Deployment } from '../deployments.ts';
import { appSettings, at, ofType, only, texts } from './read.ts';

/** What reads or holds a key, in a template or in a value. */
const KEY =
  /\blist(Keys|AccountSas|ServiceSas|Secrets?)\b|AccountKey=|SharedAccessKey=|SharedAccessSignature=|[?&]sig=|Password=/i;

/** Settings that would hold a secret: with a vault the program refuses them. */
const SECRET_SETTING =
  /^(AzureWebJobsStorage|CRM_WEBHOOK_SECRET|VISMA_CLIENT_ID|VISMA_CLIENT_SECRET|HASH_KEY|CRM_API_TOKEN|APPINSIGHTS_INSTRUMENTATIONKEY)$|(SECRET|PASSWORD|CONNECTIONSTRING)$/i;

/** No key, no secret, no way in with one. Answers what is wrong, in words. */
export function findKeys(deployment: Deployment): string[] {
  const problems: string[] = [];
  for (const resource of deployment.predictedResources) {
    const { name } = resource;
    for (const [where, text] of texts(resource))
      if (KEY.test(text)) problems.push(`${name}${where} holds or reads a key`);
  }
  for (const [where, text] of texts(deployment.outputs)) {
    if (KEY.test(text)) problems.push(`output${where} holds or reads a key`);
  }
  for (const name of Object.keys(appSettings(deployment))) {
    if (SECRET_SETTING.test(name)) problems.push(`the setting ${name} would hold a secret`);
  }
  for (const { type, name } of deployment.predictedResources) {
    if (type === 'Microsoft.KeyVault/vaults/secrets')
      problems.push(`${name}: secrets are put in by people, not by a template`);
  }
  return [...problems, ...findOpenDoors(deployment)];
}

/** Switches that let a key or a password in, were there one. */
function findOpenDoors(deployment: Deployment): string[] {
  const wanted = [
    ['Microsoft.Storage/storageAccounts', 'properties.allowSharedKeyAccess', false],
    ['Microsoft.Storage/storageAccounts', 'properties.allowBlobPublicAccess', false],
    ['Microsoft.Insights/components', 'properties.DisableLocalAuth', true],
    ['Microsoft.OperationalInsights/workspaces', 'properties.features.disableLocalAuth', true],
    ['Microsoft.KeyVault/vaults', 'properties.enableRbacAuthorization', true],
    [
      'Microsoft.Web/sites',
      'properties.functionAppConfig.deployment.storage.authentication.type',
      'UserAssignedIdentity',
    ],
  ] as const;
  const problems = wanted
    .filter(([type, path, value]) => at(only(deployment, type), path) !== value)
    .map(([type, path, value]) => `${type}: ${path} must be ${value}`);
  const passwords = ofType(deployment, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
  for (const kind of ['ftp', 'scm']) {
    const policy = passwords.find(({ name }) => name.endsWith(`/${kind}`));
    if (at(policy, 'properties.allow') !== false) problems.push(`publishing by ${kind} password must be off`);
  }
  return problems;
}
