import type { LogLevel } from './core-types.ts';

const ORDER: readonly string[] = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'];

/** host.json `logging.logLevel`: the longest matching category wins; Information where none is set. */
export function isLogged(levels: Readonly<Record<string, string>>, level: LogLevel, functionName?: string): boolean {
  const categories =
    functionName === undefined
      ? ['Host', 'default']
      : [`Function.${functionName}.User`, `Function.${functionName}`, 'Function', 'default'];
  const least = categories.map((category) => levels[category]).find((each) => each !== undefined) ?? 'information';
  const from = ORDER.indexOf(least.toLowerCase());
  return level !== 'none' && ORDER.indexOf(level) >= (from < 0 ? ORDER.indexOf('information') : from);
}
