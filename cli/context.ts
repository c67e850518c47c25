import type { Engine } from '../shared/engine.ts';
import type { Environment } from '../shared/settings.ts';
import type { Operations } from '../shared/sync/index.ts';

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
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly environment: () => Environment;
  /** @throws SettingsError */
  readonly connect: (environment: Environment) => Promise<Engine>;
  /** A bearer token for the deployed app's API, from the Azure command line. */
  readonly token?: (url: string) => Promise<string>;
  /** Milliseconds after which a command that hears nothing gives up. */
  readonly patience?: number;
}

/** What a command itself prints with. */
export interface CommandContext extends Context {
  /** Lines of a sheet for Excel as they are: its cells have been made harmless, and its marks must arrive. */
  readonly sheet: (text: string) => void;
}

/** What one command line works with. */
export interface Session {
  readonly context: CommandContext;
  readonly isVerbose: boolean;
  /** The storage, the secrets and the ERP themselves. @throws UsageError with `--url` */
  readonly runtime: () => Promise<Engine>;
  /** What people do, here or with `--url` through the deployed app. */
  readonly operations: () => Promise<Operations>;
  /** Says that work goes on: without it a command ends after a while of silence. */
  readonly goesOn: () => void;
}

/** The command line is wrong in a way commander does not see: exit code 2. */
export class UsageError extends Error {}

/** Ends a command with its exit code; commander itself drops what an action returns. */
export type Act = <Arguments extends unknown[]>(
  work: (session: Session, ...args: Arguments) => Promise<ExitCode>,
) => (...args: Arguments) => Promise<void>;

export interface Tools {
  readonly context: Pick<Context, 'out' | 'err'>;
  readonly act: Act;
}

/** Flags that every command takes. */
export interface GlobalFlags {
  readonly verbose?: boolean;
  /** Address of the deployed app, to act through its API. */
  readonly url?: string;
}
