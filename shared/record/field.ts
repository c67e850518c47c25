import type { z } from 'zod';
import type { FieldReader, Reading } from './field-reader.ts';
import type { ErpTexts } from './types.ts';

/** What a field of an event may hold before it is read. */
export type Raw = string | number | null | undefined;

type LinkColumn = 'associateNo' | 'customerNo' | 'contactFor';
export type ErpColumn = keyof ErpTexts | LinkColumn;

/** Who may change a field. `both`: whoever changed it. `ask`: a person, as soon as the ERP's side changed. */
export const OWNERS = ['crm', 'erp', 'both', 'ask'] as const;
export type Owner = (typeof OWNERS)[number];

/** How a field's value stands in the ERP's row. */
interface Written<Value> {
  readonly fill: (value: Value) => ErpTexts;
  /** A text that is equal exactly when the field counts as unchanged. Personal: it goes into a keyed hash at once. */
  readonly canonical: (value: Value) => string;
  /** Whether a column's text already says what the CRM says, in the ERP's own spelling. */
  readonly same: (wanted: string, held: string) => boolean;
  /** Where FIELD_OWNER says nothing else. */
  readonly owner: Owner;
}

/** Everything there is to know about one field of a customer or a contact. */
export interface FieldSpec<Value> {
  /** The value as the sender writes it. */
  readonly schema: z.ZodType<Raw>;
  readonly read: (raw: string) => Reading<Value | undefined>;
  /** The value as it stands in a ledger row. */
  readonly stored: z.ZodType<Value>;
  /** Headers of an import's column, in lower case without white space, `-`, `_` and `.`; the event's name first. */
  readonly headers: readonly string[];
  readonly personal: boolean;
  /** What becomes of it in the ERP when a contact is erased; a customer's row is accounting's and stays. */
  readonly onErasure: 'emptied' | 'kept';
  /** The ERP's columns that it concerns. */
  readonly columns: readonly ErpColumn[];
  /** Absent: the value belongs to the link between the two records, and the decision writes it. */
  readonly written?: Written<Value>;
}

/** One entry per field, in the order of the schema. */
export type Catalogue<Values> = { readonly [Name in keyof Values]-?: FieldSpec<NonNullable<Values[Name]>> };

/** A field by what it does with the values of a whole record. */
export interface Field<Values> extends Pick<
  FieldSpec<never>,
  'schema' | 'headers' | 'personal' | 'onErasure' | 'columns'
> {
  readonly name: string;
  /** Out of an event's data; `{}` when there is nothing to keep, and `reader` knows why. */
  read(raw: Raw, reader: FieldReader): Partial<Values>;
  /** Out of a ledger row; null when it is not what `stored` says. */
  restore(stored: unknown): Partial<Values> | null;
  /** Undefined where the CRM does not manage the field, or the field is not written from its value. */
  canonical(values: Values): string | undefined;
  fill(values: Values): ErpTexts | undefined;
  readonly same: Written<never>['same'] | undefined;
  readonly owner: Owner | undefined;
}

/** The fields of a catalogue, in its order. */
export function fieldsOf<Values extends object>(catalogue: Catalogue<Values>): readonly Field<Values>[] {
  const names = Object.keys(catalogue) as (keyof Values & string)[];
  return names.map((name) => toField<Values, typeof name>(name, catalogue[name]));
}

function toField<Values extends object, Name extends keyof Values & string>(
  name: Name,
  spec: FieldSpec<NonNullable<Values[Name]>>,
): Field<Values> {
  const { schema, headers, personal, onErasure, columns, written } = spec;
  const only = (value: unknown) => Object.fromEntries([[name, value]]) as Partial<Values>;
  return {
    ...{ name, schema, headers, personal, onErasure, columns, same: written?.same, owner: written?.owner },
    read(raw, reader) {
      const value = reader.take(name, raw, spec.read);
      return value === undefined ? {} : only(value);
    },
    restore(stored) {
      const result = spec.stored.safeParse(stored);
      return result.success ? only(result.data) : null;
    },
    canonical(values) {
      const value = values[name];
      return value === undefined || value === null ? undefined : written?.canonical(value);
    },
    fill(values) {
      const value = values[name];
      return value === undefined || value === null ? undefined : written?.fill(value);
    },
  };
}
