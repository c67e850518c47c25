import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCompiler } from './bicep/compiler.ts';
import { restoreCompiler, ROOT } from './bicep/restore.ts';
import { findUnformatted, SNAPSHOT_NAMES, snapshotFile, SNAPSHOTS, takeSnapshot } from './bicep/snapshots.ts';

/**
 * The templates and the real compiler; a warning is an error, and without a compiler it fails:
 *
 *     npx node infra/bicep.ts          compiles, lints, checks the format, compares with the committed snapshots
 *     npx node infra/bicep.ts write    formats, and writes the snapshots anew
 *     npx node infra/bicep.ts restore  only downloads the compiler
 */
const command = process.argv[2] ?? 'check';
const restored = restoreCompiler();
if ('missing' in restored) {
  console.error(`No Bicep compiler: ${restored.missing}. It needs .NET 8 or later: https://dot.net.`);
  process.exit(1);
}
const compiler = await openCompiler(restored.path);
console.log(`Bicep ${compiler.version}`);
const wrong = command === 'restore' ? [] : await (command === 'write' ? write() : check());
compiler.close();
for (const line of wrong) console.error(line);
if (wrong.length > 0) process.exitCode = 1;

async function check(): Promise<string[]> {
  const problems = [...(await findUnformatted(compiler, ROOT)).keys()].map((file) => `${file} is not formatted`);
  for (const name of SNAPSHOT_NAMES) {
    const found = await compiler.findProblems(join(ROOT, SNAPSHOTS[name]));
    problems.push(...found);
    const committed = await readFile(join(ROOT, snapshotFile(name)), 'utf8').catch(() => '');
    if (found.length === 0 && (await takeSnapshot(compiler, ROOT, name)) !== committed) {
      problems.push(`${snapshotFile(name)} is not what the templates make: npx node infra/bicep.ts write`);
    }
  }
  return problems;
}

async function write(): Promise<string[]> {
  for (const [file, text] of await findUnformatted(compiler, ROOT)) await writeFile(file, text);
  const problems: string[] = [];
  for (const name of SNAPSHOT_NAMES) {
    const found = await compiler.findProblems(join(ROOT, SNAPSHOTS[name]));
    problems.push(...found);
    if (found.length === 0) await writeFile(join(ROOT, snapshotFile(name)), await takeSnapshot(compiler, ROOT, name));
  }
  return problems;
}
