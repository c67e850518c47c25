import type { RecordRef } from '../shared/record/index.ts';

/** `customer:C-1001`, as the commands take it. */
export const recordText = ({ kind, crmId }: RecordRef): string => `${kind}:${crmId}`;

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
export const since = (time: string, now: number): string => `${minute(time)} (${duration(now - Date.parse(time))})`;

/** `2026-11-21 08:00Z`; `-` for no time. */
export const minute = (time: string): string => (time === '' ? '-' : `${time.slice(0, 10)} ${time.slice(11, 16)}Z`);

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** Columns under their headings; nothing for no rows. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
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

export const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** How many of each. */
export function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

export const tallyText = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, number]) => `${number} ${name}`)
    .join(', ');
