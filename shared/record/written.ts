import { CONTACT_FIELDS, CUSTOMER_FIELDS } from './catalogue.ts';
import type { Field } from './field.ts';
import type { ContactValues, CustomerValues, ErpTexts, Kind } from './types.ts';

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
