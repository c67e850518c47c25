import path from 'node:path';
import { readEnvironment } from '../shared/local-settings.ts';
import { createRuntime } from '../shared/runtime.ts';
import { osUser } from './os-user.ts';
import { run } from './run.ts';

/** `… | head` has read enough: what is left to print is dropped, and the work goes on. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** The operators' command line: `npm run sync -- <command>`. */
process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  isTerminal: process.stderr.isTTY,
  user: osUser(),
  environment: () => readEnvironment(path.join(import.meta.dirname, '..')),
  // Wide lines are for the functions' log; here the answer on the screen says what happened.
  connect: (environment) => createRuntime(environment, () => undefined),
});
