import { Failure } from './failure.ts';

/** What a wide line may hold: ids, codes, counts, durations. A personal value is a type that does not fit here. */
export type WideValue = string | number | boolean | null | readonly string[] | Readonly<Record<string, number>>;

/** One line per attempt, one JSON text per line; alerts and the workbook in infra/ read them. */
export type WideLine = Readonly<Record<string, WideValue | undefined>> & { readonly event: string };

export type Log = (line: WideLine) => void;

/** Where the lines go: `context.log` in a function, a collecting array in a test. */
export function createLog(write: (text: string) => void, constants: Readonly<Record<string, WideValue>> = {}): Log {
  return (line) => write(JSON.stringify({ ...line, ...constants }));
}

/**
 * What may be said about an unexpected error: its class and where it was thrown. Its message is left out: libraries
 * put requests, and so personal values, into it.
 */
export function describeError(error: unknown): Readonly<Record<string, WideValue>> {
  if (error instanceof Failure) {
    return { code: error.code, ...(error.details.detail !== undefined && { detail: error.details.detail }) };
  }
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, at: frames.slice(0, 4).map((line) => line.trim()) };
}
