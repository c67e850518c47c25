import { readFile } from 'node:fs/promises';
import { ImportFileError } from '../../shared/import/index.ts';
import { refText } from '../../shared/store/index.ts';
import type { RecordRef } from '../../shared/record/index.ts';

/**
 * Which possible doubles a person accepted as new records: all (`--accept-new`), or those that a file names, one a line
 * (`customer:C-1` or `C-1`; what stands behind a comma or semicolon is not read).
 *
 * @throws ImportFileError when the file cannot be read
 */
export async function readAccepted(file: string | undefined, all: boolean): Promise<(ref: RecordRef) => boolean> {
  if (all) return () => true;
  if (file === undefined) return () => false;
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ImportFileError(`${file}: cannot be read: name a file with one record a line, such as customer:C-1`);
  });
  const lines = text
    .replace(/^\ufeff/u, '')
    .split(/\r?\n/u)
    .map((line) => line.split(/[,;]/u)[0]?.trim() ?? '');
  const named = new Set(lines.filter((line) => line !== '' && !line.startsWith('#')));
  return (ref) => named.has(ref.crmId) || named.has(refText(ref).replace('|', ':'));
}
