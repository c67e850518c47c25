import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFiles } from './package-files.ts';
import { zip, type ZipEntry } from './zip.ts';

/**
 * `npx node infra/package.ts`: what Azure gets, as a folder (.local/package, what azd deploys) and as a ZIP
 * (.local/crm-nxt-sync.zip, what infra/scripts/deploy-app.sh sends). Same source, same bytes.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.local/package');
const archive = join(root, '.local/crm-nxt-sync.zip');

/** Azure refuses nothing of this size; the limit keeps a dependency from slipping in unseen. */
const MOST_BYTES = 2.5 * 1024 * 1024;

const entries = await packageFiles(root);
await writeFolder(entries);
const bytes = zip(entries);
await writeFile(archive, bytes);

const size = entries.reduce((sum, entry) => sum + entry.data.length, 0);
console.log(`${entries.length} files, ${(size / 1024).toFixed(0)} KiB`);
console.log(`${archive}: ${(bytes.length / 1024).toFixed(0)} KiB`);
console.log(`sha256 ${createHash('sha256').update(bytes).digest('hex')}`);
if (size > MOST_BYTES) {
  console.error(`The package is over ${MOST_BYTES} bytes: see what came in with \`npm run build\`.`);
  process.exitCode = 1;
}

async function writeFolder(files: readonly ZipEntry[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const file of files) {
    const path = join(folder, file.name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.data);
  }
}
