import { rm, writeFile } from 'node:fs/promises';
import { placeOf, type PlannedRow } from '../../shared/import/index.ts';
import type { Names } from './plan-report.ts';

const MASKED = '•••';
const HEADER = ['record', 'where', 'name', 'plan', 'why', 'ERP rows', 'column', 'is', 'would be', 'reported'];

/** A cell for Excel: quoted where needed, and never a formula. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[";\r\n]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One line per column that would be written, or one where none is; values are masked unless `names` are shown. */
export function planCsv(rows: readonly PlannedRow[], names: Names): string {
  const lines = rows.flatMap((row) => {
    const { kind, crmId, outcome, why, candidates, warnings, changes } = row;
    const shown = (value: { reveal(): string }): string => (names === undefined ? MASKED : value.reveal());
    const about = [
      crmId === null ? '' : `${kind}:${crmId}`,
      placeOf(row),
      names === undefined ? MASKED : (names.get(placeOf(row)) ?? ''),
      outcome,
      why,
      candidates.join(' '),
    ];
    const said = warnings.join(', ');
    if (changes.length === 0) return [[...about, '', '', '', said]];
    return changes.map(({ column, from, to }) => [...about, column, shown(from), shown(to), said]);
  });
  // Excel reads UTF-8 only with the mark in front, and semicolons where the decimal sign is a comma.
  return `\ufeff${[HEADER, ...lines].map((line) => line.map(cell).join(';')).join('\r\n')}\r\n`;
}

/** Writes it so that only its owner can read it. */
export async function writePlanCsv(file: string, rows: readonly PlannedRow[], names: Names): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, planCsv(rows, names), { mode: 0o600, flag: 'wx' });
}
