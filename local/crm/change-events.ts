/** Snapshot of a customer: absent or null = the CRM does not manage the field, `''` = clear it. */
export interface CustomerData {
  readonly crmId: string;
  readonly customerNumber?: number | null;
  readonly actorNumber?: number | null;
  readonly organizationNumber?: string | null;
  readonly companyName?: string | null;
  readonly address?: string | null;
  readonly postalCode?: string | null;
  readonly city?: string | null;
}

export interface ContactData {
  readonly crmId: string;
  readonly relatedCustomerCrmId?: string | null;
  readonly relatedCustomerActorNumber?: number | null;
  readonly actorNumber?: number | null;
  readonly name?: string | null;
  readonly emailAddress?: string | null;
  readonly phoneNumber?: string | null;
}

type What = 'created' | 'updated' | 'deleted';

interface Envelope {
  readonly id: string;
  /** ISO 8601 with offset. */
  readonly occurredAt: string;
  readonly version?: number;
}

/** A change as the CRM sends it. */
export type CrmEvent =
  | (Envelope & { readonly type: `customer.${What}`; readonly data: CustomerData })
  | (Envelope & { readonly type: `contact.${What}`; readonly data: ContactData });
