import { cp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';
import { cloneProject } from './program.ts';

/** What a run of tests has once, and makes when the first test asks for it. */
export type Shared = 'storage-account' | 'program';

/** Asks the run (global-setup.ts), which may start or build something first. */
export async function askRun(what: Shared): Promise<string> {
  const socket = connect(inject('runPort'), '127.0.0.1');
  socket.end(what);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  const { made, error } = JSON.parse(answer) as { made?: string; error?: string };
  if (made === undefined) throw new Error(`the run has no ${what}: ${error ?? 'no answer'}`);
  return made;
}

/** A folder with the project, built: the same one for all files, so that a test writes nothing in it. */
export const builtProgram = (): Promise<string> => askRun('program');

/** The same in a folder of this file's own, for `npm start`, which leaves its log and its settings there. */
export function useOwnProgram(): { readonly folder: string } {
  let folder: string | undefined;
  beforeAll(async () => {
    const [built, own] = await Promise.all([builtProgram(), cloneProject()]);
    folder = own;
    await cp(path.join(built, 'dist'), path.join(own, 'dist'), { recursive: true });
  });
  afterAll(async () => {
    // What was killed a moment ago may still be writing.
    if (folder !== undefined) await rm(folder, { recursive: true, maxRetries: 10 });
  });
  return {
    get folder() {
      if (folder === undefined) throw new Error('read it inside a test or a hook');
      return folder;
    },
  };
}
