import type { AssociateNo, ContactValues, CustomerNo, CustomerValues, RecordRef } from '../../record/index.ts';
import type { Failure } from '../../failure.ts';
import type { AssociateRow, RowValues } from '../../erp/index.ts';
import type { Settings } from '../../settings.ts';
import type { Kept } from '../../store/index.ts';
import type { FieldFlows } from './field-flows.ts';
import type { PhoneColumn } from './row-texts.ts';

export type Policy = Pick<Settings, 'NXT_FIRST_LINK' | 'NXT_ERP_EDITS' | 'NXT_SAME_ORG_NUMBER' | 'NXT_SAME_NAME'>;

/** Everything a decision rests on: plain data, gathered before. */
export interface Situation<Values = CustomerValues | ContactValues> {
  readonly ref: RecordRef;
  readonly values: Values;
  readonly policy: Policy;
  /** `crm:customer:C-1`; null where no column holds it. */
  readonly externalId: string | null;
  /** How external ids of this program begin: `crm:`. */
  readonly externalIdPrefix: string;
  /** The link in the ledger. */
  readonly link: { readonly associateNo: AssociateNo; readonly customerNo: CustomerNo | null } | null;
  /** The link was made, but nothing has been applied through it: NXT_FIRST_LINK still holds. */
  readonly linkIsNew?: boolean;
  /** Rows that may be this record, and rows that its numbers name. */
  readonly rows: readonly AssociateRow[];
  /** True when a claim in the ledger gives the row to another CRM record. */
  readonly isTaken: (no: AssociateNo) => boolean;
  /** True when the row's record was deleted or merged in the CRM: another may take it over. */
  readonly isFree?: (no: AssociateNo) => boolean;
  /** A person has settled which row it is: nothing that merely looks alike matters. */
  readonly isSettled?: boolean;
  /** Where a person who linked it said that the ERP's values stay; what belongs to the link is written all the same. */
  readonly keepsErp?: Kept;
  /** The row was emptied when the record was deleted. */
  readonly isEmptied?: boolean;
  /** The ERP's column that holds the phone number last applied, where that is known. */
  readonly phoneColumn?: PhoneColumn;
  /** True when the CRM's value of the field changed since it was last applied. */
  readonly isChanged: (field: string) => boolean;
  /** Which way each field flows, where both sides may change what was in sync (ERP_TO_CRM). */
  readonly flows?: FieldFlows;
  /** Contacts: the customer's row. */
  readonly parentNo: AssociateNo | null;
  /** The text that marks a customer as deleted, when marks are used. */
  readonly deletionMark: string;
}

/** By which rule a row was found to be the record's. */
export type LinkRule =
  | 'link'
  | 'external-id'
  | 'actor-number'
  | 'customer-number'
  | 'organization-number'
  | 'organization-number-and-name'
  | 'customer-email-name'
  | 'customer-name';

export interface Refusal {
  readonly kind: 'refuse';
  readonly failure: Failure;
}

export type Match =
  | { readonly kind: 'row'; readonly row: AssociateRow; readonly rule: LinkRule }
  | { readonly kind: 'none' }
  | { readonly kind: 'gone' }
  | Refusal;

export type Decision =
  | { readonly kind: 'create'; readonly values: RowValues }
  | {
      readonly kind: 'link';
      readonly row: AssociateRow;
      readonly rule: LinkRule;
      /** What differs and shall be written; empty when nothing does. */
      readonly values: RowValues;
      /** The row has no customer number yet and the CRM gives none. */
      readonly needsNumber: boolean;
      /** By which `values` were decided, where fields flow both ways. */
      readonly flows?: FieldFlows;
    }
  | { readonly kind: 'gone' }
  | Refusal;
