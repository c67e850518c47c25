import { CommanderError } from 'commander';
import { Failure, FAILURES } from '../shared/failure.ts';
import { describeError } from '../shared/log.ts';
import { SettingsError } from '../shared/settings.ts';
import { isStorageFault } from '../shared/storage.ts';
import type { Context, ExitCode, Tools } from './context.ts';
import { createProgram } from './program.ts';

/** Carries out one command line and says how it ended. Never throws, and never prints a personal value. */
export async function run(args: readonly string[], context: Context): Promise<ExitCode> {
  let code: ExitCode = 0;
  const end: Tools['end'] = (ended) => {
    code = ended;
  };
  const act: Tools['act'] =
    (work) =>
    async (...given) => {
      end(await work(await context.connect(context.environment()), ...given));
    };
  try {
    await createProgram({ context, act, end }).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong; asking for help is no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    context.err(explain(error));
    return 1;
  }
}

function explain(error: unknown): string {
  if (error instanceof SettingsError) {
    return error.problems.map(({ name, message }) => `${name}: ${message}`).join('\n');
  }
  if (error instanceof Failure) return `${error.message}\n${FAILURES[error.code].action}`;
  if (isStorageFault(error)) {
    return 'storage: not reachable just now; check AzureWebJobsStorage, the network and the role of this account';
  }
  // A library's message may hold a request, and so personal values: the class and the place are enough for a report.
  return `unexpected: ${JSON.stringify(describeError(error))}`;
}
