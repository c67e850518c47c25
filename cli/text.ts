import { osloTime } from '../shared/oslo-time.ts';
import { printableLine } from '../shared/printable.ts';

const MINUTE = 60_000;

/** `12 min`, `3 h`, `5 days`: as exact as a person needs. */
export function duration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE);
  if (minutes < 1) return 'under a minute';
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** A time of the ledger and how long ago that is. */
export const since = (time: string, now: number): string => `${osloTime(time)} (${duration(now - Date.parse(time))})`;

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** Columns under their headings. Cells come from outside: each stays on its line. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows].map((line) => line.map(printableLine));
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const json = (value: unknown): string => JSON.stringify(value);

/** One object a line, as `jq` and Excel's import read them; nothing for no rows. */
export const jsonLines = (out: (text: string) => void, rows: readonly object[]): void => {
  for (const row of rows) out(JSON.stringify(row));
};

export const tallyText = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, number]) => `${number} ${name}`)
    .join(', ');
