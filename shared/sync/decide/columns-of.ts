import { SAME_IN_COLUMN, sameText } from '../../record/index.ts';
import { Personal } from '../../privacy/index.ts';
import type { AssociateRow, Column, RowValues } from '../../erp/index.ts';

const plain = (value: string | number | Personal): string =>
  value instanceof Personal ? value.reveal() : String(value);

/** The ERP's collation ignores case, an id does not. */
const isSameId = (wanted: string, held: string): boolean => wanted === held;

/** The ERP's spelling of the same thing stays. Columns that no field fills compare as text. */
function isHeld(column: Column, wanted: string, row: AssociateRow): boolean {
  const same = column === 'externalId' ? isSameId : (SAME_IN_COLUMN[column] ?? sameText);
  // Accounting keeps some numbers as mobile numbers: the person can be reached, so there is nothing to write.
  const isMobile = column === 'phone' && wanted !== '' && same(wanted, row.mobilePhone.reveal());
  return isMobile || same(wanted, plain(row[column]));
}

/** The columns whose wanted content the row does not hold. */
export function difference(wanted: RowValues, row: AssociateRow): RowValues {
  return Object.fromEntries(
    columnsOf(wanted).flatMap((column) => {
      const value = wanted[column];
      return value === undefined || isHeld(column, plain(value), row) ? [] : [[column, value]];
    }),
  );
}

const columnsOf = (values: RowValues): readonly Column[] => Object.keys(values) as Column[];

/** True when a row holds nothing in these columns. */
export function isEmptyIn(columns: RowValues, row: AssociateRow): boolean {
  return columnsOf(columns).every((column) => isNothing(row[column]));
}

/** A new row says nothing about columns that shall be empty. */
export function withoutEmpty(values: RowValues): RowValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isNothing(value)));
}

const isNothing = (held: string | number | Personal): boolean =>
  held instanceof Personal ? held.reveal().trim() === '' : held === '' || held === 0;
