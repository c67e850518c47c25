import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openCompiler, type Compiler } from '../../infra/bicep/compiler.ts';
import { restoreCompiler } from '../../infra/bicep/restore.ts';
import { findUnformatted, SNAPSHOT_NAMES, snapshotFile, SNAPSHOTS, takeSnapshot } from '../../infra/bicep/snapshots.ts';
import { findKeys } from './checks/keys.ts';
import { findRoleProblems } from './checks/roles.ts';
import { findSettingProblems } from './checks/settings.ts';
import { ROOT, type Deployment } from './deployments.ts';

/** The real compiler. Where there is no .NET these tests are shown as skipped; in CI that is a failure. */
const restored = restoreCompiler();
const isSkipped = 'missing' in restored && process.env['CI'] !== 'true';
const reason = 'missing' in restored ? ` (the templates were not compiled: ${restored.missing})` : '';

test.skipIf(isSkipped)(`there is a compiler${reason}`, () => {
  expect(restored).not.toHaveProperty('missing');
});

let compiler: Compiler;
beforeAll(async () => {
  if ('path' in restored) compiler = await openCompiler(restored.path);
});
afterAll(() => {
  if ('path' in restored) compiler.close();
});

describe.skipIf('missing' in restored)('the templates', () => {
  test('are formatted', async () => {
    expect([...(await findUnformatted(compiler, ROOT)).keys()]).toEqual([]);
  });

  test.each(SNAPSHOT_NAMES)('compile without a warning for %s, and make what is committed', async (name) => {
    expect(await compiler.findProblems(join(ROOT, SNAPSHOTS[name]))).toEqual([]);
    const made = await takeSnapshot(compiler, ROOT, name);
    expect(made).toBe(readFileSync(join(ROOT, snapshotFile(name)), 'utf8'));
  });
});

/** A copy of the templates with one change in one file. */
function mutated(file: string, from: string | RegExp, to: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bicep-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ['bicepconfig.json', 'infra']) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  const source = readFileSync(join(folder, file), 'utf8');
  const changed = source.replace(from, to);
  expect(changed).not.toBe(source);
  writeFileSync(join(folder, file), changed);
  return folder;
}

const problemsOf = async (folder: string) => (await compiler.findProblems(join(folder, SNAPSHOTS.prod))).join('\n');

const deploymentOf = async (folder: string) => JSON.parse(await takeSnapshot(compiler, folder, 'prod')) as Deployment;

describe.skipIf('missing' in restored)('breaking the templates on purpose is noticed:', () => {
  const app = 'infra/modules/function-app.bicep';

  test.each([
    ['a wrong type', app, 'httpsOnly: true', "httpsOnly: 'yes'", /BCP036/],
    ['a misspelt property', app, 'minTlsVersion:', 'minTlsVerison:', /BCP089/],
    [
      'an API version that is not there',
      app,
      'Microsoft.Web/sites@2024-11-01',
      'Microsoft.Web/sites@2024-11-31',
      /BCP081/,
    ],
    ['a read-only property', app, 'httpsOnly: true', "httpsOnly: true\n    defaultHostName: 'x'", /BCP073/],
    [
      'an unused parameter',
      app,
      'param planName string',
      "param planName string\n@description('x')\nparam unused string = ''",
      /no-unused-params/,
    ],
    [
      'a key in an output',
      'infra/main.bicep',
      /$/,
      `
resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: names.storage
}

@description('Key.')
output key string = account.listKeys().keys[0].value
`,
      /outputs-should-not-contain-secrets/,
    ],
  ])('%s', async (_, file, from, to, said) => {
    expect(await problemsOf(mutated(file, from, to))).toMatch(said);
  });

  test('a role that is removed', async () => {
    const folder = mutated('infra/modules/access.bicep', /resource queues [^]*?\n}\n/, '');
    const found = findRoleProblems(await deploymentOf(folder));
    expect(found).toEqual(['Storage Queue Data Contributor on storageAccounts is missing']);
  });

  test('a setting that is removed', async () => {
    const folder = mutated(app, 'items(appSettings)', "filter(items(appSettings), s => s.key != 'SYNC_MODE')");
    expect(findSettingProblems(await deploymentOf(folder))).toEqual(['the setting SYNC_MODE is missing']);
  });

  test.each(['infra/settings.bicep', 'infra/settings.bicepparam'])('a setting that %s forgets', async (file) => {
    expect(await problemsOf(mutated(file, / {2}NXT_SAME_NAME: .*\n/, ''))).toContain('NXT_SAME_NAME');
  });

  test('a key that is added to the settings', async () => {
    const key = "AzureWebJobsStorage: 'AccountKey=${storageName}'\n  AZURE_CLIENT_ID:";
    const found = findKeys(await deploymentOf(mutated(app, 'AZURE_CLIENT_ID:', key)));
    expect(found.join('\n')).toContain('holds or reads a key');
  });
});
