import { readFile } from 'node:fs/promises';
import { approvedRows, ImportFileError, type ApprovedRow } from '../../shared/import/index.ts';

/** The plan that a person approved, as an earlier run wrote it. @throws ImportFileError when it is none */
export async function readApproved(file: string): Promise<readonly ApprovedRow[]> {
  try {
    return approvedRows.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    throw new ImportFileError(`${file}: this is no plan of an import: name the file that the plan was written to`);
  }
}
