import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, type BundledFile } from './bundle.ts';
import { consoleAssets } from './console-assets.ts';

/** `npm run build`: functions/index.ts and everything below it into dist/main.js. */
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

const files = [...(await bundle({ entry: join(root, 'functions/index.ts'), into: dist })), ...(await consoleAssets())];
await mkdir(dist, { recursive: true });
for (const file of files) await put(file);
await removeOthers(new Set(files.map((file) => file.name)));

const code = files.filter((file) => !file.name.endsWith('.map'));
const kib = code.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1024;
console.log(`dist/: ${code.length} files, ${kib.toFixed(0)} KiB without source maps`);

/** Whole or not at all, and untouched when equal: a host may be loading dist/ while another one is being started. */
async function put({ name, bytes }: BundledFile): Promise<void> {
  const path = join(dist, name);
  const there = await readFile(path).catch(() => undefined);
  if (there?.equals(bytes)) return;
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, bytes);
  await rename(draft, path);
}

async function removeOthers(ours: ReadonlySet<string>): Promise<void> {
  const stale = (await readdir(dist)).filter((name) => !ours.has(name) && /\.(?:js(?:\.map)?|css)$/.test(name));
  await Promise.all(stale.map((name) => rm(join(dist, name), { force: true })));
}
