import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, SettingsError } from '../../../shared/settings.ts';
import { ROOT, type Deployment } from '../deployments.ts';
import { appSettings } from './read.ts';

/** What the templates set by themselves: identity, storage, vault, telemetry. */
const PLATFORM_SETTINGS = [
  'AzureWebJobsStorage__accountName',
  'AzureWebJobsStorage__credential',
  'AzureWebJobsStorage__clientId',
  'AZURE_CLIENT_ID',
  'KEY_VAULT_URL',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
];

/** Sections of docs/settings.md that a deployment has no part in: the vault's, the platform's, one machine's. */
const NOT_DEPLOYED = ['Storage and identity', 'Secrets', '`npm run host` only'];

/** Every setting that docs/settings.md lets a deployment set; test/docs keeps that page equal to the program. */
export function deployableSettings(): string[] {
  return readFileSync(join(ROOT, 'docs/settings.md'), 'utf8')
    .split(/^## /m)
    .slice(1)
    .filter((section) => !NOT_DEPLOYED.includes(section.split('\n')[0] ?? ''))
    .flatMap((section) => [...section.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, name = '']) => name));
}

/** Every setting is passed on, and the program accepts them. */
export function findSettingProblems(deployment: Deployment): string[] {
  const settings = appSettings(deployment);
  const problems = [...deployableSettings(), ...PLATFORM_SETTINGS]
    .filter((name) => settings[name] === undefined)
    .map((name) => `the setting ${name} is missing`);
  if (settings['AzureWebJobsStorage__credential'] !== 'managedidentity') {
    problems.push('AzureWebJobsStorage__credential must be managedidentity');
  }
  if (!/ClientId=\S+;Authorization=AAD/.test(settings['APPLICATIONINSIGHTS_AUTHENTICATION_STRING'] ?? '')) {
    problems.push('APPLICATIONINSIGHTS_AUTHENTICATION_STRING must be ClientId=<id>;Authorization=AAD');
  }
  return [...problems, ...findRefused(settings)];
}

/** What the program would say at its start. What only Azure knows has some value there. */
function findRefused(settings: Record<string, string>): string[] {
  const known = Object.entries(settings).map(([name, value]) => {
    if (!value.startsWith('[')) return [name, value];
    return [name, name === 'KEY_VAULT_URL' ? 'https://kv-x.vault.azure.net' : 'x'];
  });
  try {
    readSettings(Object.fromEntries(known) as Record<string, string>);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ name, message }) => `${name}: ${message}`);
    throw error;
  }
}
