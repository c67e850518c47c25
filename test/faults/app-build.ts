import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from '../../infra/bundle.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');

/** Builds the function app into a folder of the campaign's own. */
export async function buildApp(into: string): Promise<string> {
  const dist = path.join(into, 'dist');
  await mkdir(dist, { recursive: true });
  const files = await bundle({ entry: path.join(ROOT, 'functions', 'index.ts'), into: dist });
  for (const { name, bytes } of files) await writeFile(path.join(dist, name), bytes);
  await copyFile(path.join(ROOT, 'host.json'), path.join(into, 'host.json'));
  await writeFile(path.join(into, 'package.json'), JSON.stringify({ type: 'module', main: 'dist/main.js' }));
  return into;
}
