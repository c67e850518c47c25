import { CONTACT_FIELDS, CUSTOMER_FIELDS } from './catalogue.ts';
import { FieldReader } from './field-reader.ts';
import type { Field } from './field.ts';
import type { Kind } from './types.ts';

/**
 * What a system holds in one field, as a text that equal values share: the same as `canonicalFields` makes of an event.
 * Null when an event could not carry it (broken letters, an identity number, too long). Personal: for a keyed hash.
 */
export function canonicalText(kind: Kind, field: string, text: string): string | null {
  return kind === 'customer' ? read(CUSTOMER_FIELDS, field, text) : read(CONTACT_FIELDS, field, text);
}

function read<Values extends object>(fields: readonly Field<Values>[], name: string, text: string): string | null {
  const field = fields.find((each) => each.name === name);
  if (!field) return null;
  const reader = new FieldReader('');
  const values = field.read(text, reader) as Values;
  return reader.problems.length > 0 ? null : (field.canonical(values) ?? null);
}
