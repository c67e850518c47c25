import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Compiler } from './compiler.ts';

/** Parameter files whose outcome is committed beside them: both environments, and one with every option on. */
export const SNAPSHOTS = {
  dev: 'infra/dev.bicepparam',
  prod: 'infra/prod.bicepparam',
  everything: 'test/infra/everything.bicepparam',
} as const;

export type SnapshotName = keyof typeof SNAPSHOTS;

export const SNAPSHOT_NAMES = Object.keys(SNAPSHOTS) as SnapshotName[];

/** Where the snapshot is committed. */
export const snapshotFile = (name: SnapshotName): string => SNAPSHOTS[name].replace(/bicepparam$/, 'snapshot.json');

/** What a deployment with these parameters would make, of the templates in a folder. */
export const takeSnapshot = (compiler: Compiler, folder: string, name: SnapshotName): Promise<string> =>
  compiler.snapshot(join(folder, SNAPSHOTS[name]), `rg-crmnxt-${name}`);

/** The templates and parameter files that the compiler would write differently, with its text. */
export async function findUnformatted(compiler: Compiler, folder: string): Promise<Map<string, string>> {
  const files = globSync('{infra,test/infra}/**/*.{bicep,bicepparam}', { cwd: folder }).map((file) =>
    join(folder, file),
  );
  const unformatted = new Map<string, string>();
  for (const file of files) {
    const formatted = await compiler.format(file);
    if (formatted !== (await readFile(file, 'utf8'))) unformatted.set(file, formatted);
  }
  return unformatted;
}
