import { Failure } from './failure.ts';

/** What a field of a wide line may hold. A personal value is a type that does not fit here. */
export type WideValue = string | number | boolean | null | readonly string[] | Readonly<Record<string, number>>;

/** Every field that a line may have: ids, codes, names of columns, counts, durations. None has room for a value. */
export const LOG_FIELDS = [
  ...(['event', 'source', 'kind', 'crmId', 'traceId'] as const),
  ...(['outcome', 'code', 'detail', 'fields', 'settings', 'error', 'at'] as const),
  ...(['attempt', 'ms', 'events', 'operation', 'operations', 'status', 'warnings'] as const),
  ...(['flow', 'queues', 'pending', 'oldestPendingMinutes', 'failures', 'unreadable', 'fed', 'intervalLeft'] as const),
  ...(['records', 'waits', 'tombstones', 'receipts', 'auditEntries', 'owed'] as const),
  ...(['mended', 'customers', 'contacts', 'differences'] as const),
] as const;
type LogField = Exclude<(typeof LOG_FIELDS)[number], 'event'>;

/** One line per attempt, one JSON text per line; alerts and the workbook in infra/ read them. */
export type WideLine = Readonly<Partial<Record<LogField, WideValue | undefined>>> & { readonly event: string };

export type Log = (line: WideLine) => void;

const ALLOWED: ReadonlySet<string> = new Set(LOG_FIELDS);

/**
 * Where the lines go: `context.log` in a function, a collecting array in a test. Types do not see what is spread into a
 * line, so what is not on the list is left out here, too.
 */
export function createLog(write: (text: string) => void): Log {
  return (line) =>
    write(JSON.stringify(Object.fromEntries(Object.entries(line).filter(([field]) => ALLOWED.has(field)))));
}

/**
 * What may be said about an unexpected error: its class and where it was thrown. Its message is left out: libraries
 * put requests, and so personal values, into it.
 */
export function describeError(error: unknown): Readonly<Partial<Record<LogField, WideValue>>> {
  if (error instanceof Failure) {
    return { code: error.code, ...(error.details.detail !== undefined && { detail: error.details.detail }) };
  }
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, at: frames.slice(0, 4).map((line) => line.trim()) };
}
