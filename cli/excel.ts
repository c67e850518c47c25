import { printableLine } from '../shared/printable.ts';

/** Excel reads UTF-8 only with the mark in front. */
export const EXCEL_MARK = '\ufeff';

/** A cell for Excel: quoted where needed, never a formula, and nothing that a terminal obeys. */
function cell(text: string): string {
  const harmless = printableLine(/^\s*[=+\-@\t\r]/u.test(text) ? `'${text}` : text);
  return /[";]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Lines with semicolons, as Excel has them where the decimal sign is a comma; without the break after the last. */
export const excelLines = (lines: readonly (readonly string[])[]): string =>
  lines.map((line) => line.map(cell).join(';')).join('\r\n');
