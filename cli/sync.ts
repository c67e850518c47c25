import path from 'node:path';
import { besideNpmStart } from './npm-start.ts';
import { osUser } from './os-user.ts';
import { run } from './run.ts';

/** `… | head` has read enough: what is left to print is dropped, and the work goes on. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const folder = path.join(import.meta.dirname, '..');
/** The operators' command line: `npm run sync -- <command>`. */
const code = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  isTerminal: process.stderr.isTTY,
  user: osUser(),
  now: Date.now,
  environment: () => besideNpmStart(folder, process.env),
  // Wide lines are for the functions' log; here the answer on the screen says what happened.
  connect: async (environment) => {
    const [{ openEngine }, { readEnvironment }] = await Promise.all([
      import('../shared/engine.ts'),
      import('../shared/local-settings.ts'),
    ]);
    return openEngine(besideNpmStart(folder, readEnvironment(folder, environment)), () => undefined);
  },
  token: async (url) => (await import('./remote/token.ts')).azToken(url),
});

// A request that hangs would keep the process for as long as it hangs; what was printed is let through first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
