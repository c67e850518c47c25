import { rm, writeFile } from 'node:fs/promises';
import { placeOf, type PlannedRow } from '../../shared/import/index.ts';
import { EXCEL_MARK, excelLines } from '../excel.ts';
import type { Names } from './plan-report.ts';

const MASKED = '•••';
const HEADER = ['record', 'where', 'name', 'plan', 'why', 'ERP rows', 'column', 'is', 'would be', 'reported'];

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
  return `${EXCEL_MARK}${excelLines([HEADER, ...lines])}\r\n`;
}

/** Writes it so that only its owner can read it. */
export async function writePlanCsv(file: string, rows: readonly PlannedRow[], names: Names): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, planCsv(rows, names), { mode: 0o600, flag: 'wx' });
}
