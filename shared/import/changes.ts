import { Personal } from '../privacy/index.ts';
import type { AssociateRow, RowValues } from '../erp/index.ts';
import type { PlannedChange } from './planned-row.ts';

type Value = string | number | Personal;

const asPersonal = (value: Value | undefined): Personal =>
  value instanceof Personal ? value : new Personal(value === undefined || value === 0 ? '' : String(value));

/** Each column that would be written: what the ERP holds, and what it would hold. */
export function changesIn(values: RowValues, row: AssociateRow | null): readonly PlannedChange[] {
  const held: Readonly<Record<string, Value>> = row === null ? {} : { ...row };
  return Object.entries<Value>(values).map(([column, value]) => ({
    column,
    from: asPersonal(held[column]),
    to: asPersonal(value),
  }));
}

/** Everything a row holds, in one text: it goes into a keyed hash at once. */
export const contentOf = (row: AssociateRow): string =>
  JSON.stringify(
    Object.entries<Value>({ ...row })
      .map(([column, value]) => [column, asPersonal(value).reveal()] as const)
      .sort(([a], [b]) => a.localeCompare(b)),
  );
