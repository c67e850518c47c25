import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';

const FILES = ['functions', 'shared', 'local', 'infra', 'host.json', 'package.json'];

/**
 * The project in a folder of its own, built: these tests need not care who builds or runs what in the real one. It has no
 * local.settings.json, as a clean clone has none.
 */
export function useClone(): { readonly folder: string } {
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'e2e-'));
    for (const file of FILES) await cp(file, path.join(folder, file), { recursive: true });
    await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'));
    await promisify(execFile)(process.execPath, ['infra/build.ts'], { cwd: folder });
  });
  afterAll(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
  });
  return {
    get folder() {
      if (folder === undefined) throw new Error('read it inside a test or a hook');
      return folder;
    },
  };
}
