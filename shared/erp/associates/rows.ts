import * as z from 'zod';
import type { AssociateNo, Kind } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import { Personal } from '../../privacy/index.ts';
import type { Columns } from './columns.ts';
import { TABLE, type TableColumn } from './table.ts';
import type { AssociateRow, Column, RowValues } from './types.ts';

const number = z
  .int()
  .nullish()
  .transform((value) => value ?? 0);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const personal = text.transform((value) => new Personal(value));

/** An Associate as the operations ask for it, under this program's names; columns the company lacks are left out. */
const row = z.object({
  associateNo: z
    .int()
    .positive()
    .transform((value) => value as AssociateNo),
  customerNo: number,
  supplierNo: number,
  employeeNo: number,
  contactFor: number,
  deliverTo: number,
  companyNo: text,
  externalId: text,
  deletionMark: text,
  name: personal,
  shortName: personal,
  addressLine1: personal,
  addressLine2: personal,
  addressLine3: personal,
  addressLine4: personal,
  postCode: personal,
  postalArea: personal,
  phone: personal,
  mobilePhone: personal,
  emailAddress: personal,
}) satisfies z.ZodType<AssociateRow>;

/**
 * The order of columns inside a row. What gives a row its role comes first, because the ERP suggests values from it
 * (payment terms from becoming a customer, perhaps the parent's address from "contact for"), then the texts in the order
 * of the table. The external id is first of all: whatever a half-stored row lacks, it can be found.
 * Defaults follow the roles; see `toInput`.
 */
const ROLES = ['externalId', 'customerNo', 'contactFor'] as const satisfies readonly Column[];
const isText = (column: keyof typeof TABLE): column is keyof typeof TABLE & Column => TABLE[column].type === 'String';
const VALUES: readonly Column[] = [...(Object.keys(TABLE) as (keyof typeof TABLE)[]).filter(isText), 'deletionMark'];
const COLUMN_ORDER: readonly Column[] = [...ROLES, ...VALUES];

export type Input = Readonly<Record<string, string | number | null>>;

/** Reads one row; personal values are wrapped at once. Throws `erp.unreadable` naming the column, never its value. */
export function readRow(value: unknown): AssociateRow {
  const parsed = row.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new Failure('erp.unreadable', { detail: where === '' ? 'a row' : where });
}

/**
 * An `Associate_Input`: the only place from which personal values go to the ERP. Columns the company lacks are left out.
 * `kind`: adds the defaults of a create.
 */
export function toInput(columns: Columns, values: RowValues, kind?: Kind): Input {
  const input: Record<string, string | number | null> = {};
  const put = (column: Column) => {
    const value = values[column];
    const field = columns.by[column];
    if (value === undefined || field?.writable !== true) return;
    input[field.name] = value instanceof Personal ? value.reveal() : value;
  };
  ROLES.forEach(put);
  const given = new Set(VALUES.filter((each) => values[each] !== undefined).map((each) => columns.by[each]?.name));
  for (const { column, value } of kind === undefined ? [] : columns.defaults[kind]) {
    if (!given.has(column)) input[column] = value;
  }
  VALUES.forEach(put);
  return input;
}

/** An update that empties what is never read too. */
export function toErasure(columns: Columns, values: RowValues): Input {
  const emptied = columns.neverRead.map(({ column, emptied }) => [column, emptied] as const);
  return { ...toInput(columns, values), ...Object.fromEntries(emptied) };
}

/** A create in which the ERP picks the customer number: `null` asks for it, and nothing else is ever null. */
export function withSuggestedNumber(columns: Columns, input: Input): Input {
  const { externalId, customerNo } = columns.by;
  const number = customerNo === undefined ? {} : { [customerNo.name]: null };
  if (externalId === undefined || !(externalId.name in input)) return { ...number, ...input };
  return { [externalId.name]: input[externalId.name] ?? '', ...number, ...input };
}

/** Whether the row holds every one of the values already, in the columns that can be written. */
export function holds(columns: Columns, stored: AssociateRow, values: RowValues): boolean {
  return COLUMN_ORDER.every((column) => {
    const wanted = values[column];
    if (wanted === undefined || columns.by[column]?.writable !== true) return true;
    return plain(stored[column]) === plain(wanted);
  });
}

function plain(value: Personal | string | number): string | number {
  return value instanceof Personal ? value.reveal() : value;
}

/** The ERP's Int columns are 32 bits. One such value would make the whole shared request invalid. */
export function assertSendable(values: RowValues): void {
  for (const column of ['customerNo', 'contactFor'] as const) {
    const value = values[column];
    if (value !== undefined && !isErpInt(value)) throw new Failure('value.invalid', { detail: column });
  }
}

export function isErpInt(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0x7fffffff;
}

/** What "emptied" means for a contact person: everything personal, and the link to the customer. */
export const EMPTIED: RowValues = Object.fromEntries(
  Object.entries<TableColumn>(TABLE).flatMap(([column, { emptied }]) =>
    emptied === undefined ? [] : [[column, emptied === '' ? new Personal('') : emptied]],
  ),
);
