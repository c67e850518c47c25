import * as z from 'zod';

/** Who may change a field. `both`: whoever changed it. `ask`: a person, as soon as the ERP's side changed. */
const owner = z.enum(['crm', 'erp', 'both', 'ask']);

/** The numbers are the ERP's: no setting makes them anything else. */
const number = z.literal('erp').default('erp');

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
        organizationNumber: owner.default('ask'),
        companyName: owner.default('both'),
        address: owner.default('both'),
        postalCode: owner.default('both'),
        city: owner.default('both'),
        name: owner.default('crm'),
        emailAddress: owner.default('crm'),
        phoneNumber: owner.default('crm'),
      },
      FORM,
    ),
  );

export type FieldOwners = z.infer<typeof fieldOwner>;
