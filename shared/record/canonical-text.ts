import { Personal } from '../privacy/index.ts';
import { CONTACT_FIELDS, CUSTOMER_FIELDS } from './catalogue.ts';
import { FieldReader } from './field-reader.ts';
import type { Field } from './field.ts';
import type { Kind } from './types.ts';

/** A text of another system as an event would carry it. */
export interface Carried {
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
