import { build } from 'esbuild';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startFunctionsHost } from '../../../local/functions-host/index.ts';

const HOST_JSON = JSON.stringify({ version: '2.0' });

/** An app of these files in a folder of its own, with the project's packages in reach. */
async function newApp(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'app-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  for (const [name, text] of Object.entries({ 'host.json': HOST_JSON, ...files })) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

async function start(appDir: string) {
  const host = await startFunctionsHost({ appDir, port: 0, log: () => undefined });
  onTestFinished(() => host.stop());
  return host;
}

const HELLO = "app.http('hello', { authLevel: 'anonymous', handler: () => ({ body: 'hello' }) });";

async function hello(appDir: string): Promise<string> {
  const { port } = await start(appDir);
  return (await fetch(`http://127.0.0.1:${port}/api/hello`)).text();
}

test('an ESM bundle with @azure/functions inside, which requires its core through createRequire, runs', async () => {
  const appDir = await newApp({
    'package.json': JSON.stringify({ type: 'module', main: 'dist/main.js' }),
    'source.js': `import { app } from '@azure/functions';\n${HELLO}`,
  });
  await build({
    entryPoints: [path.join(appDir, 'source.js')],
    outfile: path.join(appDir, 'dist/main.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@azure/functions-core'],
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  });
  expect(await hello(appDir)).toBe('hello');
});

test('a CommonJS app runs', async () => {
  const appDir = await newApp({
    'package.json': JSON.stringify({ main: 'index.js' }),
    'index.js': `const { app } = require('@azure/functions');\n${HELLO}`,
  });
  expect(await hello(appDir)).toBe('hello');
});

test('the same app starts a second time in the same process', async () => {
  const appDir = await newApp({
    'package.json': JSON.stringify({ type: 'module', main: 'index.js' }),
    'index.js': `import { app } from '@azure/functions';\n${HELLO}`,
  });
  expect(await hello(appDir)).toBe('hello');
  expect(await hello(appDir)).toBe('hello');
});

const failing = (code: string) =>
  newApp({
    'package.json': JSON.stringify({ type: 'module', main: 'index.js' }),
    'index.js': `import { app } from '@azure/functions';\n${code}`,
  });

test('an entry file that throws stops the start and is named', async () => {
  await expect(start(await failing("throw new Error('broken');"))).rejects.toThrow(
    'unable to load entry point "index.js": broken',
  );
});

test('a main that matches nothing stops the start', async () => {
  const appDir = await newApp({ 'package.json': JSON.stringify({ main: 'dist/*.js' }) });
  await expect(start(appDir)).rejects.toThrow('"dist/*.js" matches no file');
});

test.each([
  ["app.timer('t', { schedule: '%NOT_THERE%', handler() {} });", 'the setting NOT_THERE'],
  ["app.timer('t', { schedule: 'soon', handler() {} });", 'no timer schedule'],
  ["app.storageBlob('b', { path: 'x', connection: 'X', handler() {} });", 'function b'],
  [
    "app.storageQueue('q', { queueName: 'abc', connection: 'NotSet', handler() {} });",
    'the connection NotSet is missing',
  ],
  [`${HELLO}${HELLO}`, 'has already been registered'],
  ["app.http('h', { route: 'a/{x:even}', handler() {} });", 'route constraint "even"'],
])('%s stops the start', async (code, message) => {
  await expect(start(await failing(code))).rejects.toThrow(message);
});

test('a function cannot be added after the start', async () => {
  const { port } = await start(
    await failing(
      "app.http('late', { authLevel: 'anonymous', handler: () => { try { app.get('x', () => ({})); } catch (e) { return { body: e.message }; } } });",
    ),
  );
  expect(await (await fetch(`http://127.0.0.1:${port}/api/late`)).text()).toContain(
    'only be registered during app startup',
  );
});
