import { createHash } from 'node:crypto';
import type { AssociateRow } from '../../erp/index.ts';
import { FIELD_COLUMNS } from '../decide/row-texts.ts';
import type { SyncDeps } from '../deps.ts';

/** Marks of one difference: by field where fields differ, else one for the whole line. */
export type Marks = Readonly<Record<string, string>>;

/** Under which name a line that is none of fields has its mark. */
export const WHOLE_LINE = 'line';

/**
 * Stands for exactly what was compared when a difference was found: who settles it later settles that, and nothing that
 * came meanwhile. Of numbers, ids and keyed hashes alone, so that it tells nothing.
 */
export const markOf = (...parts: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);

/** Mark of a row of the ERP as it was read. */
export async function markOfRow({ hash }: Pick<SyncDeps, 'hash'>, row: AssociateRow): Promise<string> {
  const texts = FIELD_COLUMNS.map((column) => (column === 'companyNo' ? row.companyNo : row[column].reveal()));
  return markOf(row.associateNo, row.customerNo, row.contactFor, await hash('row', JSON.stringify(texts)));
}
