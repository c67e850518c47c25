import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freshStorageAccount } from '../../kit/azurite.ts';
import { startChild } from './child.ts';

/** The program beside an app of its own, so that the project needs no build here. */
async function newProject(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'host-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ['local/host.ts', 'local/functions-host', 'shared', 'host.json']) {
    await cp(name, path.join(folder, name), { recursive: true });
  }
  await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'main.js' }));
  await writeFile(
    path.join(folder, 'main.js'),
    `import { app } from '@azure/functions';
    app.http('hello', { authLevel: 'anonymous', handler: () => ({ body: process.env.GREETING ?? 'hello' }) });`,
  );
  return folder;
}

const SETTINGS = {
  NXT_COMPANY_NO: '1',
  VISMA_CLIENT_ID: 'id',
  VISMA_CLIENT_SECRET: 'secret',
  CRM_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24).toString('base64')}`,
};

async function startHost(
  environment: Readonly<Record<string, string>>,
  values?: Readonly<Record<string, string>> | string,
) {
  const folder = await newProject();
  if (values !== undefined) {
    const text = typeof values === 'string' ? values : JSON.stringify({ IsEncrypted: false, Values: values });
    await writeFile(path.join(folder, 'local.settings.json'), text);
  }
  return startChild(path.join(folder, 'local/host.ts'), environment, folder);
}

test('it says where it listens, serves the app, and ends with 0 on SIGTERM', async () => {
  const host = await startHost({ ...SETTINGS, AzureWebJobsStorage: await freshStorageAccount(), PORT: '0' });
  const [, port = ''] = await host.until(/^listening on http:\/\/127\.0\.0\.1:(\d+)$/m);
  expect(await (await fetch(`http://127.0.0.1:${port}/api/hello`)).text()).toBe('hello');
  host.kill('SIGTERM');
  expect(await host.exited).toBe(0);
  expect(host.output()).not.toContain('Warning');
});

test('with missing settings it lists each with its name and ends with 1', async () => {
  const host = await startHost({
    PORT: '70000',
    HOST_MESSAGE_LEASE_SECONDS: 'long',
    NXT_COMPANY_NO: 'x',
    CRM_WEBHOOK_SECRET: 'whsec_eA== hemmelig',
  });
  expect(await host.exited).toBe(1);
  const names = host
    .output()
    .trim()
    .split('\n')
    .map((line) => /^([A-Za-z_]+): ./.exec(line)?.[1]);
  expect(names.sort()).toEqual([
    'AzureWebJobsStorage',
    'CRM_WEBHOOK_SECRET',
    'HOST_MESSAGE_LEASE_SECONDS',
    'NXT_COMPANY_NO',
    'PORT',
    'VISMA_CLIENT_ID',
    'VISMA_CLIENT_SECRET',
  ]);
  expect(host.output()).not.toContain('hemmelig');
});

test('a local.settings.json that is not JSON is named, and not quoted: there may be secrets in it', async () => {
  const host = await startHost({ ...SETTINGS, PORT: '0' }, '{"Values": {"VISMA_CLIENT_SECRET": "hunter2",}}');
  expect(await host.exited).toBe(1);
  expect(host.output()).toMatch(/^local\.settings\.json: ./);
  expect(host.output()).not.toContain('hunter2');
});

test('values of local.settings.json are defaults under the environment', async () => {
  const values = {
    ...SETTINGS,
    AzureWebJobsStorage: await freshStorageAccount(),
    PORT: '0',
    GREETING: 'from the file',
  };
  for (const [environment, greeting] of [
    [{}, 'from the file'],
    [{ GREETING: 'from outside' }, 'from outside'],
  ] as const) {
    const host = await startHost(environment, values);
    const [, port = ''] = await host.until(/listening on .*:(\d+)/);
    expect(await (await fetch(`http://127.0.0.1:${port}/api/hello`)).text()).toBe(greeting);
    host.kill('SIGKILL');
  }
});

test('a port in use is named, and it ends with 1', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const host = await startHost({ ...SETTINGS, AzureWebJobsStorage: await freshStorageAccount(), PORT: String(port) });
  expect(await host.exited).toBe(1);
  expect(host.output()).toBe(`port ${port} is in use: set PORT to another\n`);
});
