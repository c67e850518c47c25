import type { Personal } from '../privacy/index.ts';

/** A record of the CRM: the same id may exist as a customer and as a contact. */
export type Kind = 'customer' | 'contact';

/** The CRM's own id, `^[A-Za-z0-9_][A-Za-z0-9._:-]{0,63}$`, kept as a pseudonym. */
export type CrmId = string & { readonly __brand: 'CrmId' };

/** Primary key of an ERP row (aktørnummer), given by the ERP, never 0. */
export type AssociateNo = number & { readonly __brand: 'AssociateNo' };

/** Customer number (kundenummer), unique in the company, never 0. */
export type CustomerNo = number & { readonly __brand: 'CustomerNo' };

export interface RecordRef {
  readonly kind: Kind;
  readonly crmId: CrmId;
}

/** Where an event stands in the history of its record. Times are UTC ISO 8601 with milliseconds. */
export interface OrderKey {
  readonly version: number | null;
  readonly occurredAt: string;
  readonly eventId: string;
}

/**
 * An organisation number as sent. `norwegian`: its nine digits are right; `foreign`: a country's two letters stand in
 * front; `other`: no number that could be one, never used to find a row, never written over a number; `empty`: the CRM
 * clears the field.
 */
export interface OrganizationNumber {
  readonly kind: 'norwegian' | 'foreign' | 'other' | 'empty';
  readonly text: string;
  /** The nine digits of a Norwegian one. */
  readonly digits: string | null;
  /** Two spellings of one number share it: the nine digits, or country, letters and digits (`SE556012579001`). */
  readonly key: string | null;
}

/** Absent = the CRM does not manage the field; a text of `''` = clear it. */
export interface CustomerValues {
  readonly companyName: Personal;
  readonly customerNumber?: CustomerNo;
  readonly actorNumber?: AssociateNo;
  readonly organizationNumber?: OrganizationNumber;
  /** Up to four lines, separated by `\n`. */
  readonly address?: Personal;
  readonly postalCode?: Personal;
  readonly city?: Personal;
}

/** Without a relation it is a contact without a customer. */
export interface ContactValues {
  readonly name: Personal;
  readonly relatedCustomerCrmId?: CrmId;
  readonly relatedCustomerActorNumber?: AssociateNo;
  readonly actorNumber?: AssociateNo;
  readonly emailAddress?: Personal;
  /** E.164 when it could be parsed, else the trimmed text. */
  readonly phoneNumber?: Personal;
}

/** Texts for columns of the ERP's row, by this program's names for them; `shared/erp` has the table of columns. */
export interface ErpTexts {
  readonly name?: Personal;
  readonly companyNo?: string;
  readonly addressLine1?: Personal;
  readonly addressLine2?: Personal;
  readonly addressLine3?: Personal;
  readonly addressLine4?: Personal;
  readonly postCode?: Personal;
  readonly postalArea?: Personal;
  readonly phone?: Personal;
  readonly mobilePhone?: Personal;
  readonly emailAddress?: Personal;
}

/**
 * A value that cannot be used, or not as it stands: why, and which field (JSON pointer into the request it came in:
 * `/data/companyName` for a single event, `/3/data/companyName` in an array).
 */
export interface FieldProblem {
  readonly code: string;
  readonly pointer: string;
}

/** What one change event asks for, after normalisation. */
export type ChangeBody =
  | { readonly op: 'upsert'; readonly kind: 'customer'; readonly values: CustomerValues }
  | { readonly op: 'upsert'; readonly kind: 'contact'; readonly values: ContactValues }
  | { readonly op: 'delete'; readonly kind: Kind }
  /** The record disappeared: the CRM merged it into `into`, a record of the same kind and never itself. */
  | { readonly op: 'merge'; readonly kind: Kind; readonly into: CrmId }
  /** The CRM only says that the record changed (`removed`: that it went away); what it holds is read when it is applied. */
  | { readonly op: 'touch'; readonly kind: Kind; readonly removed: boolean }
  /** The CRM was told to erase the person: a deletion that no setting and no other event holds back. */
  | { readonly op: 'erase'; readonly kind: Kind }
  | { readonly op: 'invalid'; readonly kind: Kind; readonly problems: readonly FieldProblem[] };

/** One normalised change event. `warnings` name fields that were dropped or taken as plain text. */
export interface Change {
  readonly ref: RecordRef;
  readonly key: OrderKey;
  readonly body: ChangeBody;
  readonly warnings: readonly FieldProblem[];
}
