import { CommanderError } from 'commander';
import { printable } from '../shared/printable.ts';
import {
  UsageError,
  type CommandContext,
  type Context,
  type ExitCode,
  type GlobalFlags,
  type Tools,
} from './context.ts';
import { createProgram } from './program.ts';
import { createSilence } from './silence.ts';

/** Longer than storage's own limits on a call, and short enough for somebody who waits. */
const PATIENCE_MS = 25_000;

/** Carries out one command line and says how it ended. Never throws, and never prints a personal value. */
export async function run(args: readonly string[], given: Context): Promise<ExitCode> {
  // Whatever comes from outside is text on the screen, never an order to the terminal.
  const context: CommandContext = {
    ...given,
    out: (text) => given.out(printable(text)),
    err: (text) => given.err(printable(text)),
    sheet: given.out,
  };
  let code: ExitCode = 0;
  let flags: GlobalFlags = {};
  const act: Tools['act'] =
    (work) =>
    async (...rest) => {
      const silence = createSilence(context.patience ?? PATIENCE_MS);
      const { openSession } = await import('./session.ts');
      const session = openSession(context, { ...flags, goesOn: silence.broken });
      code = await silence.during(work(session, ...rest));
    };
  const program = createProgram({ context, act });
  program.hook('preAction', (_program, command) => {
    flags = command.optsWithGlobals<GlobalFlags>();
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong; asking for help is no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { explain } = await import('./explain.ts');
    context.err(explain(error, flags.verbose === true));
    return error instanceof UsageError ? 2 : 1;
  }
}
