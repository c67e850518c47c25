import type { z } from 'zod';
import { CONTACT_FIELDS, CUSTOMER_FIELDS } from './catalogue.ts';
import type { Field, Raw } from './field.ts';
import { FieldReader, REPORTED } from './field-reader.ts';
import { lacksZero } from './formats/address.ts';
import { isCrmId } from './ids.ts';
import { contactData, customerData, mergedData } from './schema.ts';
import type { ChangeBody, CrmId, FieldProblem, Kind } from './types.ts';

export interface Normalized {
  readonly body: ChangeBody;
  readonly warnings: readonly FieldProblem[];
}

/**
 * The `data` of a created or updated record → its values, or an `invalid` body that holds none of them.
 * @param pointer JSON pointer of `data` in the request.
 */
export function normalize(kind: Kind, data: unknown, pointer: string): Normalized {
  const fields = new FieldReader(pointer);
  const body = kind === 'customer' ? customer(data, fields) : contact(data, fields);
  const { problems } = fields;
  const warnings = fields.warnings.toSorted((a, b) => weight(a) - weight(b));
  return { body: body === null || problems.length > 0 ? { op: 'invalid', kind, problems } : body, warnings };
}

const CODES = Object.keys(REPORTED);
/** What was dropped matters more than what was kept as it is. */
const weight = ({ code }: FieldProblem): number => CODES.indexOf(code);

/** The `data` of a merged record. `crmId`: the record itself, into which it cannot have been merged. */
export function normalizeMerge(kind: Kind, crmId: CrmId, data: unknown, pointer: string): Normalized {
  const fields = new FieldReader(pointer);
  const into = parse(mergedData, data, fields)?.mergedIntoCrmId;
  const isFine = into !== undefined && isCrmId(into) && into !== crmId;
  if (isFine) return { body: { op: 'merge', kind, into }, warnings: [] };
  if (fields.problems.length === 0) fields.invalid('mergedIntoCrmId');
  return { body: { op: 'invalid', kind, problems: fields.problems }, warnings: [] };
}

function customer(data: unknown, fields: FieldReader): ChangeBody | null {
  const raw = parse(customerData, data, fields);
  if (raw === null) return null;
  const { companyName, ...rest } = valuesOf(CUSTOMER_FIELDS, raw, fields);
  const { organizationNumber, postalCode, city } = rest;
  const company = organizationNumber?.kind;
  const nation = company === 'norwegian' || company === 'foreign' ? company : 'unknown';
  if (lacksZero(postalCode?.reveal() ?? '', city?.reveal() ?? '', nation)) {
    fields.warn('postalCode', 'value.postal-code-short');
  }
  return companyName === undefined ? null : { op: 'upsert', kind: 'customer', values: { companyName, ...rest } };
}

function contact(data: unknown, fields: FieldReader): ChangeBody | null {
  const raw = parse(contactData, data, fields);
  if (raw === null) return null;
  const { name, ...rest } = valuesOf(CONTACT_FIELDS, raw, fields);
  return name === undefined ? null : { op: 'upsert', kind: 'contact', values: { name, ...rest } };
}

/** What the CRM does not manage is left out, so that "absent" has one form. */
function valuesOf<Values extends object>(
  catalogue: readonly Field<Values>[],
  raw: Readonly<Record<string, Raw>>,
  reader: FieldReader,
): Partial<Values> {
  return catalogue.reduce<Partial<Values>>((all, field) => ({ ...all, ...field.read(raw[field.name], reader) }), {});
}

/** The known fields, or null with a problem for each one of the wrong type. */
function parse<T extends z.ZodObject>(schema: T, data: unknown, fields: FieldReader): z.infer<T> | null {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const given = new Map(Object.entries(data ?? {}));
  for (const field of new Set(result.error.issues.map((issue) => String(issue.path[0])))) {
    if ((given.get(field) ?? null) === null) fields.missing(field);
    else fields.invalid(field);
  }
  return null;
}
