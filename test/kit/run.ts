import { connect } from 'node:net';
import { inject } from 'vitest';

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
