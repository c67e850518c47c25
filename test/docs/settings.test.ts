import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { SECRETS as SECRET_NAMES } from '../../shared/secrets/index.ts';
import { readSettings } from '../../shared/settings.ts';

const SECRETS: readonly string[] = Object.values(SECRET_NAMES);

/** Every name with its default, as the tables of docs/settings.md have them. */
function documented(): ReadonlyMap<string, string> {
  const rows = readFileSync('docs/settings.md', 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .filter((cells) => /^[A-Za-z][\w…]+$/.test(cells[1] ?? '') && cells[1] !== 'name');
  return new Map(rows.map((cells) => [cells[1] ?? '', (SECRETS.includes(cells[1] ?? '') ? cells[3] : cells[2]) ?? '']));
}

/** Read from the source: what is optional and unset does not show in the settings that come out. */
const known = [
  ...new Set(
    ['shared/settings.ts', 'shared/sources/adapter-settings.ts'].flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name = '']) => name),
    ),
  ),
];

const defaults: Readonly<Record<string, unknown>> = readSettings({
  NXT_COMPANY_NO: '1',
  VISMA_CLIENT_ID: 'x',
  VISMA_CLIENT_SECRET: 'x',
  CRM_WEBHOOK_SECRET: 'whsec_x',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
});

function asText(name: string): string {
  if (name === 'NXT_COMPANY_NO') return 'needed';
  const value = defaults[name];
  if (value === undefined) return 'unset';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

test('every setting is in docs/settings.md with its default, and no other', () => {
  const elsewhere = [
    ...SECRETS,
    'AzureWebJobsStorage',
    'PORT',
    'HOST_MESSAGE_LEASE_SECONDS',
    'HOST_SIGN_IN',
    'AzureFunctionsJobHost__…',
  ];
  const table = documented();
  expect([...table.keys()].sort()).toEqual([...known, ...elsewhere].sort());
  for (const name of known) expect([name, table.get(name)]).toEqual([name, asText(name)]);
});

test('local.settings.sample.json names only settings there are', () => {
  const { Values } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as { Values: object };
  const names = Object.keys(Values).filter((name) => name !== 'FUNCTIONS_WORKER_RUNTIME');
  expect(names.filter((name) => !documented().has(name))).toEqual([]);
});

describe('links in the documents lead somewhere', () => {
  const files = ['README.md', 'CHANGELOG.md', ...['docs', 'docs/crm', 'docs/decisions'].flatMap(markdownIn)];
  test.each(files)('%s', (file) => {
    const targets = [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to = '']) => to);
    expect(targets.filter((to) => !existsSync(path.join(path.dirname(file), to)))).toEqual([]);
  });
});

function markdownIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}
