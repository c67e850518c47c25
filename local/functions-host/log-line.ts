import type { LogLevel } from './core-types.ts';

const SHORT: Readonly<Record<LogLevel, string>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  information: 'INFO',
  warning: 'WARN',
  error: 'ERROR',
  critical: 'CRIT',
  none: 'NONE',
};

export interface LogEntry {
  readonly level: LogLevel;
  readonly functionName?: string;
  readonly invocationId?: string;
  readonly message: string;
}

/** One line per entry. A message that is a JSON object already is printed as it is: machines read those. */
export function toLogLine({ level, functionName, invocationId, message }: LogEntry): string {
  if (isJsonObject(message)) return message;
  const where = [functionName, invocationId?.slice(0, 8)].filter((part) => part !== undefined).join(' ');
  const text = message.trimEnd().replaceAll(/\r?\n/g, '\\n');
  return `${SHORT[level]} ${where === '' ? '' : `[${where}] `}${text}`;
}

function isJsonObject(text: string): boolean {
  if (!text.startsWith('{') || text.includes('\n')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
