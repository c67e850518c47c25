import { z } from 'zod';

const number = z.int().nonnegative().nullable().optional();
/** A field of the ERP's that the CRM is to have (ERP_TO_CRM=write). */
const field = z.string().optional();

/** The bodies of what is written back, numbers or fields; anything else in them is an error of the sender. */
export const CUSTOMER_NUMBERS = z.strictObject({
  customerNumber: number,
  actorNumber: number,
  companyName: field,
  organizationNumber: field,
  address: field,
  postalCode: field,
  city: field,
});
export const CONTACT_NUMBERS = z.strictObject({
  actorNumber: number,
  relatedCustomerActorNumber: number,
  name: field,
  emailAddress: field,
  phoneNumber: field,
});

export type CustomerNumbers = z.output<typeof CUSTOMER_NUMBERS>;
export type ContactNumbers = z.output<typeof CONTACT_NUMBERS>;
export type RecordKind = 'customers' | 'contacts';

/** One write-back as it arrived. */
export interface CrmCall {
  readonly kind: RecordKind;
  readonly crmId: string;
  readonly idempotencyKey: string | undefined;
  /** As sent: the version the writer knows, in quotes. */
  readonly ifMatch: string | undefined;
  readonly body: unknown;
  /** The status sent, or `hang` when a fault kept the answer back. */
  readonly outcome: number | 'hang';
}

/** What the CRM knows, and every call that reached it. */
export class Records {
  readonly customers = new Map<string, CustomerNumbers>();
  readonly contacts = new Map<string, ContactNumbers>();
  readonly calls: CrmCall[] = [];
  /** Writes that counted, per `customers/<crmId>` or `contacts/<crmId>`; a repeated Idempotency-Key counts once. */
  readonly writes = new Map<string, number>();
  readonly forgotten = new Set<string>();
  readonly #keys = new Set<string>();

  /** Keeps the numbers; `false` when the body has the wrong form. */
  write(kind: RecordKind, crmId: string, key: string, body: unknown): boolean {
    if (kind === 'customers') {
      const numbers = CUSTOMER_NUMBERS.safeParse(body);
      if (!numbers.success) return false;
      this.customers.set(crmId, { ...this.customers.get(crmId), ...numbers.data });
    } else {
      const numbers = CONTACT_NUMBERS.safeParse(body);
      if (!numbers.success) return false;
      this.contacts.set(crmId, { ...this.contacts.get(crmId), ...numbers.data });
    }
    const [record, keyed] = [`${kind}/${crmId}`, `${kind}/${crmId}/${key}`];
    if (!this.#keys.has(keyed)) this.writes.set(record, (this.writes.get(record) ?? 0) + 1);
    this.#keys.add(keyed);
    return true;
  }
}
