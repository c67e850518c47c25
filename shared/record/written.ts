import { CONTACT_FIELDS, CUSTOMER_FIELDS } from './catalogue.ts';
import type { Field } from './field.ts';
import type { ContactValues, CustomerValues, ErpTexts, Kind } from './types.ts';
import { Personal } from '../privacy/index.ts';
import { FieldReader } from './field-reader.ts';

/**
 * The managed fields of a record → a text that is equal exactly when the field counts as unchanged.
 * The texts are personal: they go into a keyed hash at once and nowhere else.
 */
export function canonicalFields(values: CustomerValues | ContactValues): Readonly<Record<string, string>> {
  return 'companyName' in values ? texts(CUSTOMER_FIELDS, values) : texts(CONTACT_FIELDS, values);
}

function texts<Values>(fields: readonly Field<Values>[], values: Values): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const text = field.canonical(values);
      return text === undefined ? [] : [[field.name, text]];
    }),
  );
}

/** One field of the CRM as the ERP's columns hold it. */
export interface WantedField {
  /** Its name in the change event. */
  readonly field: string;
  readonly columns: ErpTexts;
}

/** What the CRM wants the ERP's row to hold, field by field; fields the CRM does not manage are left out. */
export function wantedFields(values: CustomerValues | ContactValues): readonly WantedField[] {
  return 'companyName' in values ? wanted(CUSTOMER_FIELDS, values) : wanted(CONTACT_FIELDS, values);
}

function wanted<Values>(fields: readonly Field<Values>[], values: Values): readonly WantedField[] {
  return fields.flatMap((field) => {
    const columns = field.fill(values);
    return columns === undefined ? [] : [{ field: field.name, columns }];
  });
}

/** The fields of each kind that are written to the ERP, by their names in the change event. */
export const WRITTEN_FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  customer: CUSTOMER_FIELDS.filter(({ same }) => same !== undefined).map(({ name }) => name),
  contact: CONTACT_FIELDS.filter(({ same }) => same !== undefined).map(({ name }) => name),
};

/** How a column's text is compared with what the CRM says; columns that no field fills compare as they are. */
export const SAME_IN_COLUMN: Readonly<Record<string, (wanted: string, held: string) => boolean>> = Object.fromEntries(
  [...CUSTOMER_FIELDS, ...CONTACT_FIELDS].flatMap(({ columns, same }) =>
    same === undefined ? [] : columns.map((column) => [column, same]),
  ),
);

/** A text of another system as an event would carry it. */
interface Carried {
  /** A text that equal values share: the same as `canonicalFields` makes of an event. Personal: for a keyed hash. */
  readonly canonical: string;
  /** The value as the CRM is told it. */
  readonly text: Personal;
}

/**
 * What a system holds in one field, as an event would carry it. Null when none could: broken letters, an identity
 * number, too long.
 */
export function carried(kind: Kind, field: string, text: string): Carried | null {
  if (text.trim() === '') return { canonical: '', text: new Personal('') };
  return kind === 'customer' ? read(CUSTOMER_FIELDS, field, text) : read(CONTACT_FIELDS, field, text);
}

/** Only its canonical text. */
export const canonicalText = (kind: Kind, field: string, text: string): string | null =>
  carried(kind, field, text)?.canonical ?? null;

function read<Values extends object>(fields: readonly Field<Values>[], name: string, text: string): Carried | null {
  const field = fields.find((each) => each.name === name);
  if (!field) return null;
  const reader = new FieldReader('');
  const values = field.read(text, reader) as Values;
  const canonical = reader.problems.length > 0 ? undefined : field.canonical(values);
  return canonical === undefined ? null : { canonical, text: new Personal(textOf(Object.values(values)[0])) };
}

function textOf(value: unknown): string {
  if (value instanceof Personal) return value.reveal();
  if (typeof value !== 'object' || value === null || !('text' in value)) return '';
  const { text, digits = null } = value as { readonly text: unknown; readonly digits?: unknown };
  return String(digits ?? text);
}
