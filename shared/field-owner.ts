import * as z from 'zod';
import { CONTACT_FIELDS, CUSTOMER_FIELDS, OWNERS, type Owner } from './record/index.ts';

const owner = z.enum(OWNERS);

/** The numbers are the ERP's: no setting makes them anything else. */
const number = z.literal('erp').default('erp');

const written = Object.fromEntries(
  [...CUSTOMER_FIELDS, ...CONTACT_FIELDS].flatMap((field) =>
    field.owner === undefined ? [] : [[field.name, owner.default(field.owner)] as const],
  ),
);

const FORM = 'JSON such as {"address": "erp", "phoneNumber": "both"}, with crm, erp, both or ask for each field';

/** FIELD_OWNER: a field of the change events → who may change it. */
export const fieldOwner = z
  .string()
  .default('{}')
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: FORM });
      return z.NEVER;
    }
  })
  .pipe(
    z.strictObject(
      {
        customerNumber: number,
        actorNumber: number,
        relatedCustomerActorNumber: number,
        ...written,
      },
      FORM,
    ),
  );

/** By the field's name in the change event. */
export type FieldOwners = Readonly<Record<string, Owner>>;
