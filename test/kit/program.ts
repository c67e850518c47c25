import { execFile } from 'node:child_process';
import { cp, mkdtemp, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const FILES = ['functions', 'shared', 'local', 'infra', 'mappings', 'host.json', 'package.json'];

/**
 * The project in a folder of its own, as a clean clone has it after `npm ci`: no dist, no local.settings.json. Tests that
 * run it need not care who builds or runs what in the real one.
 */
export async function cloneProject(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
  for (const file of FILES) await cp(file, path.join(folder, file), { recursive: true });
  await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

export async function buildProject(folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, ['infra/build.ts'], { cwd: folder });
}
