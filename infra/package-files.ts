import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ZipEntry } from './zip.ts';

/**
 * What Azure gets, from the project's folder after `npm run build`: the bundles, the console's style sheet, host.json, a manifest, and the mappings
 * that `CRM_MAPPING` may name. No node_modules and no source maps: the pipeline keeps those beside the package.
 */
export async function packageFiles(root: string): Promise<ZipEntry[]> {
  const bundles = await namesIn(join(root, 'dist'), /\.(?:js|css)$/);
  if (!bundles.includes('main.js')) throw new Error('dist/main.js is missing: run `npm run build` first');
  const mappings = await namesIn(join(root, 'mappings'), /\.json$/);
  const files = ['host.json', ...bundles.map((name) => `dist/${name}`), ...mappings.map((name) => `mappings/${name}`)];
  return [
    { name: 'package.json', data: await manifest(root) },
    ...(await Promise.all(files.map(async (name) => ({ name, data: await readFile(join(root, name)) })))),
  ];
}

/** What the worker reads, and nothing that would make a deployment tool install or build. */
async function manifest(root: string): Promise<Buffer> {
  const whole = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, version, type, main } = whole;
  return Buffer.from(`${JSON.stringify({ name, version, private: true, type, main }, null, 2)}\n`);
}

const namesIn = async (folder: string, pattern: RegExp): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => pattern.test(name));
