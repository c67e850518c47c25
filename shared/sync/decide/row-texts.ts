import type { AssociateRow, Column, RowValues } from '../../erp/index.ts';
import {
  CONTACT_FIELDS,
  CUSTOMER_FIELDS,
  phoneText,
  SAME_IN_COLUMN,
  sameText,
  type ErpColumn,
  type ErpTexts,
} from '../../record/index.ts';
import type { StateRow } from '../../store/index.ts';
import { Personal } from '../../privacy/index.ts';

const plain = (value: string | number | Personal): string =>
  value instanceof Personal ? value.reveal() : String(value);

const WRITTEN = [...CUSTOMER_FIELDS, ...CONTACT_FIELDS].filter(({ same }) => same !== undefined);
const COLUMNS = new Map(WRITTEN.map(({ name, columns }) => [name, columns]));

/** Every column that a field of the event fills. */
export const FIELD_COLUMNS = [...new Set(WRITTEN.flatMap(({ columns }) => columns))].filter(isText);

function isText(column: ErpColumn): column is keyof ErpTexts {
  return column !== 'associateNo' && column !== 'customerNo' && column !== 'contactFor';
}

/** What the ERP's row holds in a field of the event, as texts: two for a phone number, which has two columns. Personal. */
export function textsOfRow(field: string, row: AssociateRow): readonly string[] {
  const texts = (COLUMNS.get(field) ?? []).map((column) => plain(row[column]));
  const lines = texts.map((line) => line.trim()).filter((line) => line !== '');
  return field === 'address' ? [lines.join('\n')] : texts;
}

/** Whether a column is one that a field of the event stands in. */
export const isFieldColumn = (column: string): column is keyof ErpTexts =>
  FIELD_COLUMNS.some((each) => each === column);

export type PhoneColumn = 'phone' | 'mobilePhone';

/** A hash that stands aside while an update of the number is in doubt. */
export const PHONE_BEFORE = 'before:phoneNumber';

/**
 * Which of the ERP's phone columns holds the number last applied: that one changes with the CRM's, the other is
 * accounting's. Undefined when neither does, or when nothing is known.
 */
export async function phoneColumnIn(
  hash: (field: string, text: string) => Promise<string>,
  { hashes, wayBack }: Pick<StateRow, 'hashes' | 'wayBack'>,
  row: AssociateRow,
): Promise<PhoneColumn | undefined> {
  const last = [hashes['phoneNumber'], hashes[PHONE_BEFORE]];
  if (last.every((each) => each === undefined)) return undefined;
  for (const column of ['phone', 'mobilePhone'] as const) {
    const held = phoneText(row[column].reveal());
    if (held !== '' && last.includes(await hash('phoneNumber', held))) return column;
  }
  // The one that was written last.
  return wayBack.phoneColumn === '' ? undefined : wayBack.phoneColumn;
}

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
