import { readSettings, SettingsError } from '../../../shared/settings.ts';
import type { Deployment } from '../bicep/deployment.ts';
import { appSettings } from './read.ts';

/** The settings table, without the secrets: those stand in the vault. */
export const CONTRACT_SETTINGS = [
  'AzureWebJobsStorage__accountName',
  'AzureWebJobsStorage__credential',
  'AzureWebJobsStorage__clientId',
  'AZURE_CLIENT_ID',
  'KEY_VAULT_URL',
  'VISMA_TOKEN_URL',
  'VISMA_SCOPE',
  'VISMA_TENANT_ID',
  'NXT_GRAPHQL_URL',
  'NXT_COMPANY_NO',
  'NXT_CUSTOMER_NUMBER_FROM',
  'NXT_CUSTOMER_NUMBER_TO',
  'NXT_CUSTOMER_DEFAULTS',
  'NXT_CONTACT_DEFAULTS',
  'NXT_EXTERNAL_ID_COLUMN',
  'NXT_EXTERNAL_ID_PREFIX',
  'NXT_CONTACT_FOR_COLUMN',
  'NXT_FIRST_LINK',
  'NXT_ERP_EDITS',
  'NXT_SAME_ORG_NUMBER',
  'NXT_ON_CONTACT_DELETED',
  'NXT_ON_CUSTOMER_DELETED',
  'DELETES_PER_HOUR',
  'NXT_REQUESTS_PER_MINUTE',
  'NXT_MAX_IN_PROGRESS',
  'NXT_TIMEOUT_SECONDS',
  'NXT_DOUBT_SECONDS',
  'LEASE_SECONDS',
  'SWEEP_SECONDS',
  'SYNC_MODE',
  'WAIT_FOR_CUSTOMER_HOURS',
  'RETENTION_FAILED_DAYS',
  'RETENTION_DELETED_DAYS',
  'CRM_API_URL',
] as const;

/** What the platform reads, beside the program. */
const PLATFORM_SETTINGS = ['APPLICATIONINSIGHTS_CONNECTION_STRING', 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'];

/** Every setting is there, the program accepts them, and what a deployment leaves alone has the program's default. */
export function findSettingProblems(deployment: Deployment): string[] {
  const settings = appSettings(deployment);
  const problems = [...CONTRACT_SETTINGS, ...PLATFORM_SETTINGS]
    .filter((name) => settings[name] === undefined)
    .map((name) => `the setting ${name} is missing`);
  if (settings['AzureWebJobsStorage__credential'] !== 'managedidentity') {
    problems.push('AzureWebJobsStorage__credential must be managedidentity');
  }
  if (!/^ClientId=[^;]+;Authorization=AAD$/.test(settings['APPLICATIONINSIGHTS_AUTHENTICATION_STRING'] ?? '')) {
    problems.push('APPLICATIONINSIGHTS_AUTHENTICATION_STRING must be ClientId=<id>;Authorization=AAD');
  }
  return [...problems, ...compareWithProgram(settings)];
}

/** What differs on purpose between environments, or has no default. */
const FREE = new Set(['NXT_COMPANY_NO', 'KEY_VAULT_URL', 'AZURE_CLIENT_ID', 'SYNC_MODE', 'CRM_API_URL']);

function compareWithProgram(settings: Record<string, string>): string[] {
  try {
    const read = readSettings(settings);
    const defaults = readSettings({
      NXT_COMPANY_NO: '1',
      KEY_VAULT_URL: 'https://vault.example',
      AzureWebJobsStorage__accountName: 'account',
    });
    return Object.entries(defaults)
      .filter(([name]) => !FREE.has(name))
      .filter(([name, value]) => JSON.stringify(read[name as keyof typeof read]) !== JSON.stringify(value))
      .map(([name]) => `${name} differs from the program's default`);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ name, message }) => `${name}: ${message}`);
    throw error;
  }
}
