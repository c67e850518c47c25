import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundle } from '../../infra/bundle.ts';
import { packageFiles } from '../../infra/package-files.ts';
import { zip } from '../../infra/zip.ts';
import { INFRA } from './deployments.ts';

const root = join(INFRA, '..');
const options = { entry: join(root, 'functions/index.ts'), into: join(root, 'dist') };
const files = await bundle(options);
const main = files.find(({ name }) => name === 'main.js')?.bytes.toString() ?? '';

describe('the bundle', () => {
  test('is at most 2.5 MB without source maps', () => {
    const code = files.filter(({ name }) => name.endsWith('.js'));
    expect(code.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThanOrEqual(2.5 * 1024 * 1024);
  });

  test('has the same bytes each time, and no path of the machine', async () => {
    const again = await bundle(options);
    expect(again.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
    for (const [index, { bytes }] of files.entries()) expect(again[index]?.bytes.equals(bytes)).toBe(true);
    for (const { name, bytes } of files) expect(bytes.includes(root), name).toBe(false);
  });

  test('leaves the heavy SDKs to the first invocation', () => {
    expect(/ManagedIdentityCredential|SecretClient|QueueClient|TableClient/.test(main)).toBe(false);
    expect(main.includes('import("./')).toBe(true);
  });

  test('asks the host for @azure/functions-core with require, which is what the worker answers', () => {
    expect(main.includes('("@azure/functions-core")')).toBe(true);
    expect(main.includes('import { createRequire as')).toBe(true);
    expect(/(from|import)\s*"@azure\/functions-core"/.test(main)).toBe(false);
  });

  test('has a source map for every file', () => {
    const names = new Set(files.map(({ name }) => name));
    for (const name of names) if (name.endsWith('.js')) expect(names.has(`${name}.map`)).toBe(true);
  });
});

test('the package holds the bundles, what the host reads, and the mappings; no source map, no script to run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  for (const name of ['dist', 'mappings', 'node_modules']) mkdirSync(join(folder, name));
  const manifest = {
    name: 'x',
    version: '1.0.0',
    main: 'dist/main.js',
    scripts: { postinstall: 'x' },
    dependencies: {},
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  for (const name of [
    'host.json',
    'dist/main.js',
    'dist/main.js.map',
    'dist/lazy-1.js',
    'mappings/acme.json',
    'x.env',
  ]) {
    writeFileSync(join(folder, name), name);
  }
  const packed = await packageFiles(folder);
  const expected = ['dist/lazy-1.js', 'dist/main.js', 'host.json', 'mappings/acme.json', 'package.json'];
  expect(packed.map(({ name }) => name).sort()).toEqual(expected);
  expect(packed.find(({ name }) => name === 'package.json')?.data.toString()).not.toMatch(/scripts|dependencies/);
  rmSync(folder, { recursive: true });
});

describe('the archive', () => {
  const entries = [
    { name: 'dist/main.js', data: Buffer.from('export {};\n') },
    { name: 'host.json', data: Buffer.from('{}') },
    { name: 'æ.txt', data: Buffer.alloc(0) },
  ];

  test('does not depend on order or time', () => {
    expect(zip([...entries].reverse()).equals(zip(entries))).toBe(true);
  });

  test('is one that other programs read', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'zip-')), 'a.zip');
    writeFileSync(path, zip(entries));
    const code =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(z.namelist())';
    const readers = [
      ['unzip', '-t', path],
      ['python3', '-c', code, path],
      ['tar', '-tf', path],
    ];
    const answers = readers.map(([program = '', ...args]) => spawnSync(program, args, { encoding: 'utf8' }));
    const there = answers.filter(({ error }) => error === undefined);
    expect(there.some(({ status }) => status === 0)).toBe(true);
  });
});

test('the bill of materials lists what is shipped, also where a tool uses it too, and no tool', () => {
  execFileSync(process.execPath, [join(INFRA, 'sbom.ts')]);
  const bom = JSON.parse(readFileSync(join(root, '.local/sbom.json'), 'utf8')) as { components: { purl: string }[] };
  const names = bom.components.map(({ purl }) => decodeURIComponent(purl).replace(/^pkg:npm\/|@[^@]*$/g, ''));
  expect(names).toEqual(expect.arrayContaining(['@azure/functions', '@azure/identity', '@azure/msal-node', 'zod']));
  expect(names).not.toEqual(expect.arrayContaining(['vitest']));
});
