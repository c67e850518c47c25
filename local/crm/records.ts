import { z } from 'zod';
import type { CrmEvent } from './change-events.ts';

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

const NUMBERS = ['customerNumber', 'actorNumber', 'relatedCustomerActorNumber'];

/** The numbers are the integration's own columns: another number is no new version of the record, and nobody is told. */
export const holdsFields = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && Object.keys(body).some((name) => !NUMBERS.includes(name));

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

/** What an event leaves out stays as it is. */
const given = (data: object): object => Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));

type Data = Readonly<Record<string, unknown>>;

/** What the CRM knows, and every call that reached it. */
export class Records {
  readonly customers = new Map<string, CustomerNumbers>();
  readonly contacts = new Map<string, ContactNumbers>();
  /** Of records that the CRM made itself, per `customers/<crmId>` or `contacts/<crmId>`. */
  readonly versions = new Map<string, number>();
  readonly calls: CrmCall[] = [];
  /** Writes that counted, per `customers/<crmId>` or `contacts/<crmId>`; a repeated Idempotency-Key counts once. */
  readonly writes = new Map<string, number>();
  readonly forgotten = new Set<string>();
  readonly #keys = new Set<string>();

  /** The CRM's own change, as it is about to tell it; an older one than is known changes nothing. */
  take({ type, version, data: { crmId, ...data } }: CrmEvent): void {
    const kind = type.startsWith('customer.') ? 'customers' : 'contacts';
    const known = this.versions.get(`${kind}/${crmId}`) ?? -1;
    if (version !== undefined && version <= known) return;
    if (version !== undefined) this.versions.set(`${kind}/${crmId}`, version);
    if (kind === 'customers') this.customers.set(crmId, { ...this.customers.get(crmId), ...given(data) });
    else this.contacts.set(crmId, { ...this.contacts.get(crmId), ...given(data) });
  }

  /** A record as `data` of an event, and its version; null where there is none. */
  get(kind: RecordKind, crmId: string): Data | null {
    const data = kind === 'customers' ? this.customers.get(crmId) : this.contacts.get(crmId);
    if (data === undefined || this.forgotten.has(crmId)) return null;
    const version = this.versions.get(`${kind}/${crmId}`);
    return { crmId, ...data, ...(version !== undefined && { version }) };
  }

  /** @param after the id that the page before ended with. */
  list(
    kind: RecordKind,
    after: string,
    limit: number,
  ): { readonly items: readonly Data[]; readonly next: string | null } {
    const ids = [...(kind === 'customers' ? this.customers : this.contacts).keys()].sort().filter((id) => id > after);
    const items = ids
      .slice(0, limit)
      .map((id) => this.get(kind, id))
      .filter((each) => each !== null);
    return { items, next: ids.length > limit ? (ids[limit - 1] ?? null) : null };
  }

  /** Whether a request with this key has been carried out before: it is answered as then, whatever became of the record. */
  hasTaken(kind: RecordKind, crmId: string, key: string): boolean {
    return this.#keys.has(`${kind}/${crmId}/${key}`);
  }

  /** Keeps numbers or fields; `false` when the body has the wrong form. */
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
    if (this.#keys.has(keyed)) return true;
    this.writes.set(record, (this.writes.get(record) ?? 0) + 1);
    this.#keys.add(keyed);
    const version = this.versions.get(record);
    if (version !== undefined && holdsFields(body)) this.versions.set(record, version + 1);
    return true;
  }
}
