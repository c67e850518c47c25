import * as z from 'zod';
import { isAssociateNo, isCrmId, type RecordRef } from '../../record/index.ts';
import { REQUESTERS, type Customer, type PersonQuery, type Request } from '../../rights/index.ts';

/** What a caller may send about a person, at the border. Persons are contacts: a customer's row is accounting's. */

const contact = z
  .string()
  .trim()
  .max(80)
  .transform((text, context): RecordRef => {
    const crmId = text.replace(/^contact:/, '');
    if (isCrmId(crmId) && !text.startsWith('customer:')) return { kind: 'contact', crmId };
    context.addIssue({ code: 'custom', message: 'contact:<id>' });
    return z.NEVER;
  });

const associateNo = z.coerce.number().refine(isAssociateNo);

/** `C-1001`, `customer:C-1001`, or an actor number. */
const customer = z
  .string()
  .trim()
  .max(80)
  .transform((text, context): Customer => {
    const no = Number(text);
    if (isAssociateNo(no)) return { crmId: null, associateNo: no };
    const crmId = text.replace(/^customer:/, '');
    if (isCrmId(crmId)) return { crmId, associateNo: null };
    context.addIssue({ code: 'custom', message: 'customer:<id>, or an actor number' });
    return z.NEVER;
  });

const text = z.string().trim().min(1).max(200);

export const personQuery: z.ZodType<PersonQuery> = z.discriminatedUnion('by', [
  z.object({ by: z.literal('record'), text: contact }).transform(({ by, text: ref }) => ({ by, ref })),
  z
    .object({ by: z.literal('actor-number'), text: associateNo })
    .transform(({ by, text: no }) => ({ by, associateNo: no })),
  z.object({ by: z.literal('email'), text }),
  z.object({ by: z.literal('phone'), text }),
  z.object({ by: z.literal('name'), text, customer }),
]);

export const caseOf: z.ZodType<Request & { readonly reason: string }> = z.object({
  requester: z.preprocess((given) => (given === '' ? undefined : given), z.enum(REQUESTERS).default('person')),
  // A case number, never a name: it stands in receipts.
  reference: z
    .string()
    .trim()
    .regex(/^[\w./-]{0,40}$/u)
    .default(''),
  reason: z.string().trim().max(500).default(''),
});

export const recordOf = z.object({ record: contact });
export const heldOf = z.object({ held: z.enum(['apply', 'drop']) });
export const decisionOf = z.object({ decision: z.enum(['granted', 'rejected']) });

/** Bodies of the JSON API, for its documentation. */
export const privacyBodies = {
  person: z.intersection(personQuery, caseOf),
  record: z.intersection(recordOf, caseOf),
  unrestrict: z.intersection(z.intersection(recordOf, heldOf), caseOf),
  decide: z.intersection(decisionOf, caseOf),
} as const;
