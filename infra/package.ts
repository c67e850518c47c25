import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zip, type ZipEntry } from './zip.ts';

/**
 * `node infra/package.ts`: what Azure gets, made from `npm run build`'s output: as a folder (.local/package, what azd
 * deploys) and as a ZIP (.local/crm-nxt-sync.zip, what infra/scripts/deploy-app.sh sends).
 * There is no node_modules in it: everything is in the bundle. Same source, same bytes.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.local/package');
const archive = join(root, '.local/crm-nxt-sync.zip');

/** Azure refuses nothing of this size; the limit keeps a dependency from slipping in unseen. */
const MOST_BYTES = 2 * 1024 * 1024;

const entries = await collect();
await writeFolder(entries);
const bytes = zip(entries);
await writeFile(archive, bytes);

const code = entries.filter((entry) => !entry.name.endsWith('.map'));
const size = code.reduce((sum, entry) => sum + entry.data.length, 0);
console.log(`${code.length} files, ${(size / 1024).toFixed(0)} KiB without source maps`);
console.log(`${archive}: ${(bytes.length / 1024).toFixed(0)} KiB with them`);
console.log(`sha256 ${createHash('sha256').update(bytes).digest('hex')}`);
if (size > MOST_BYTES) {
  console.error(`The package is over ${MOST_BYTES} bytes: see what came in with \`npm run build\`.`);
  process.exitCode = 1;
}

async function collect(): Promise<ZipEntry[]> {
  const built = (await readdir(join(root, 'dist')).catch(() => [])).filter((name) => /\.js(\.map)?$/.test(name));
  if (!built.includes('main.js')) throw new Error('dist/main.js is missing: run `npm run build` first');
  const bundles = built.map(async (name) => ({
    name: `dist/${name}`,
    data: await readFile(join(root, 'dist', name)),
  }));
  return [
    { name: 'host.json', data: await readFile(join(root, 'host.json')) },
    { name: 'package.json', data: await readManifest() },
    ...(await Promise.all(bundles)),
  ];
}

/** What the worker reads, and nothing that would make a deployment tool install or build. */
async function readManifest(): Promise<Buffer> {
  const whole = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, version, type, main } = whole;
  return Buffer.from(`${JSON.stringify({ name, version, private: true, type, main }, null, 2)}\n`);
}

async function writeFolder(files: readonly ZipEntry[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const file of files) {
    const path = join(folder, file.name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.data);
  }
}
