import type { Runtime } from '../shared/runtime.ts';
import type { Environment } from '../shared/settings.ts';

/** 0: fine. 1: something failed, or needs a person. 2: the command line itself is wrong. */
export type ExitCode = 0 | 1 | 2;

/** What a command acts through; a test passes its own. */
export interface Context {
  /** A line, or several, of the answer: standard output. */
  readonly out: (text: string) => void;
  /** Problems and progress: standard error. */
  readonly err: (text: string) => void;
  /** A person watches: a progress bar makes sense. */
  readonly isTerminal: boolean;
  readonly user: string;
  readonly environment: () => Environment;
  /** @throws SettingsError */
  readonly connect: (environment: Environment) => Promise<Runtime>;
}

/** Hands a command's exit code on; commander itself drops what an action returns. */
export type Act = <Arguments extends unknown[]>(
  work: (runtime: Runtime, ...args: Arguments) => Promise<ExitCode>,
) => (...args: Arguments) => Promise<void>;

export interface Tools {
  readonly context: Context;
  /** Wraps a command that acts through the runtime. */
  readonly act: Act;
  /** Ends a command that does without the runtime. */
  readonly end: (code: ExitCode) => void;
}
