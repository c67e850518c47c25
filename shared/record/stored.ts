import * as z from 'zod';
import { Personal } from '../privacy/index.ts';
import { CONTACT_FIELDS, CUSTOMER_FIELDS } from './catalogue.ts';
import type { Field } from './field.ts';
import { storedId } from './fields.ts';
import type { ChangeBody, ContactValues, CustomerValues } from './types.ts';

// The body of a change as JSON in a ledger row. Together with the normaliser and the canonical texts for the keyed
// hashes, the only place that reveals what a change says.

const kind = z.enum(['customer', 'contact']);

const customerValues = z.record(z.string(), z.unknown()).transform((stored, { issues }): CustomerValues => {
  const { companyName, ...rest } = restored(CUSTOMER_FIELDS, stored, issues);
  return companyName === undefined ? missing('companyName', issues) : { companyName, ...rest };
});

const contactValues = z.record(z.string(), z.unknown()).transform((stored, { issues }): ContactValues => {
  const { name, ...rest } = restored(CONTACT_FIELDS, stored, issues);
  return name === undefined ? missing('name', issues) : { name, ...rest };
});

type Issues = z.core.$RefinementCtx['issues'];

function restored<Values extends object>(
  fields: readonly Field<Values>[],
  stored: Readonly<Record<string, unknown>>,
  issues: Issues,
): Partial<Values> {
  return fields.reduce<Partial<Values>>((all, field) => {
    if (!(field.name in stored)) return all;
    const value = field.restore(stored[field.name]);
    if (value === null) issues.push({ code: 'custom', path: [field.name], input: undefined });
    return { ...all, ...value };
  }, {});
}

function missing(name: string, issues: Issues): never {
  issues.push({ code: 'custom', path: [name], input: undefined });
  return z.NEVER;
}

/** Tolerant of additions: a newer version of the program may have written the row. */
const OP = z.object({ op: z.enum(['upsert', 'delete', 'merge', 'touch', 'erase', 'invalid']) });

const storedBody: z.ZodType<ChangeBody> = z.union([
  z.object({ op: z.literal('upsert'), kind: z.literal('customer'), values: customerValues }),
  z.object({ op: z.literal('upsert'), kind: z.literal('contact'), values: contactValues }),
  z.object({ op: z.literal('delete'), kind }),
  z.object({ op: z.literal('merge'), kind, into: storedId }),
  z.object({ op: z.literal('touch'), kind, removed: z.boolean() }),
  z.object({ op: z.literal('erase'), kind }),
  z.object({
    op: z.literal('invalid'),
    kind,
    problems: z.array(z.object({ code: z.string(), pointer: z.string() })),
  }),
]);

/** The text of a stored body cannot be read. Says where, never what. */
export class StoredBodyError extends Error {
  override readonly name = 'StoredBodyError';
}

/** For a ledger row and nothing else: the personal values are in it. */
export function toStored(body: ChangeBody): string {
  return JSON.stringify(body.op === 'upsert' ? { ...body, values: revealed(body.values) } : body);
}

const revealed = (values: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([field, value]: [string, unknown]) => [
      field,
      value instanceof Personal ? value.reveal() : value,
    ]),
  );

/** The inverse of `toStored`. @throws {StoredBodyError} */
export function fromStored(json: string): ChangeBody {
  const result = storedBody.safeParse(parseJson(json));
  if (result.success) return result.data;
  throw new StoredBodyError(`stored body: not a change (${result.error.issues.map((issue) => issue.code).join(', ')})`);
}

/** Which sort of change a stored body is, without reading its values; null where it cannot be read. */
export function storedOp(json: string): ChangeBody['op'] | null {
  const result = OP.safeParse(tolerantJson(json));
  return result.success ? result.data.op : null;
}

function tolerantJson(json: string): unknown {
  try {
    return parseJson(json);
  } catch {
    return null;
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's own message quotes the text.
    throw new StoredBodyError('stored body: not JSON');
  }
}
