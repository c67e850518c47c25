import * as z from 'zod';
import { Personal } from '../privacy/index.ts';
import { isAssociateNo, isCrmId, isCustomerNo } from './ids.ts';
import type { AssociateNo, ChangeBody, CrmId, CustomerNo } from './types.ts';

// The body of a change as JSON in a ledger row. Together with the normaliser and the canonical texts for the keyed
// hashes, the only place that reveals what a change says.

const personal = z.string().transform((text) => new Personal(text));
const crmId = z.custom<CrmId>((value) => typeof value === 'string' && isCrmId(value));
const associateNo = z.custom<AssociateNo>((value) => typeof value === 'number' && isAssociateNo(value));
const customerNo = z.custom<CustomerNo>((value) => typeof value === 'number' && isCustomerNo(value));
const kind = z.enum(['customer', 'contact']);

const customerValues = z.object({
  companyName: personal,
  customerNumber: customerNo.exactOptional(),
  actorNumber: associateNo.exactOptional(),
  organizationNumber: z.object({ text: z.string(), digits: z.string().nullable() }).exactOptional(),
  address: personal.exactOptional(),
  postalCode: personal.exactOptional(),
  city: personal.exactOptional(),
});

const contactValues = z.object({
  name: personal,
  relatedCustomerCrmId: crmId.exactOptional(),
  relatedCustomerActorNumber: associateNo.exactOptional(),
  actorNumber: associateNo.exactOptional(),
  emailAddress: personal.exactOptional(),
  phoneNumber: personal.exactOptional(),
});

/** Tolerant of additions: a newer version of the program may have written the row. */
const storedBody: z.ZodType<ChangeBody> = z.union([
  z.object({ op: z.literal('upsert'), kind: z.literal('customer'), values: customerValues }),
  z.object({ op: z.literal('upsert'), kind: z.literal('contact'), values: contactValues }),
  z.object({ op: z.literal('delete'), kind }),
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

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's own message quotes the text.
    throw new StoredBodyError('stored body: not JSON');
  }
}
