import type { AssociateNo, CustomerNo, Kind } from '../../record/index.ts';
import type { Failure } from '../../failure.ts';
import type { Personal } from '../../privacy/index.ts';
import type { RowTexts } from './table.ts';

export type { RowTexts };

/** Numbers of a row; the ERP's "empty" is 0. */
export interface RowNumbers {
  readonly customerNo: number;
  /** SQL `LiaAct`: the associate number of the customer this row is a contact person of. */
  readonly contactFor: number;
}

export interface RowIdentifiers {
  /** SQL `BsNo`, the organisation number as the ERP spells it. */
  readonly companyNo: string;
  /** The column of NXT_EXTERNAL_ID_COLUMN; `''` when there is none. */
  readonly externalId: string;
  /** The column of NXT_CUSTOMER_DELETED_COLUMN; `''` when customers are not marked. */
  readonly deletionMark: string;
}

/** What a create or an update may write. Keys left out stay as they are; `''` and 0 clear. */
export type RowValues = Partial<RowNumbers & RowTexts & RowIdentifiers>;
export type Column = keyof RowValues;

/** One row of Associate (aktør), as far as this program reads it. */
export interface AssociateRow extends RowNumbers, RowTexts, RowIdentifiers {
  readonly associateNo: AssociateNo;
  readonly supplierNo: number;
  readonly employeeNo: number;
  /** SQL `DelToAct`: not 0 on a delivery-address row. */
  readonly deliverTo: number;
}

/**
 * Keys to look a record up by; a row is returned when any of them fits (compared in code, the ERP's filter is only a
 * sieve). The two `…Like` keys are sieves themselves: they let more through than the name, for the caller to compare.
 */
export interface Selector {
  readonly externalId?: string;
  readonly associateNo?: number;
  readonly customerNo?: number;
  /** Every spelling of this Norwegian number, nine digits. */
  readonly organizationDigits?: string;
  /** Every spelling of this foreign number, `DE921074352`: letters and digits alone count, without regard to case. */
  readonly organizationText?: string;
  /** Rows whose name has the words of this one in their order; without legal form, which the row may have or lack. */
  readonly nameLike?: Personal;
  /** Contact persons of `of` whose name has these words in their order, or who have this address among their e-mails. */
  readonly contactLike?: ContactLike;
  /** Every contact person of this associate number. */
  readonly contactsOf?: number;
  /** Every row that points at this associate number as contact or delivery address. */
  readonly pointingAt?: number;
}

export interface ContactLike {
  readonly of: number;
  readonly name: Personal;
  readonly emailAddress?: Personal;
}

/**
 * Called when the request is about to leave, after any waiting. It saves the intent and renews the lease; `false`
 * means the row must not be sent.
 */
export type BeforeSend = () => Promise<boolean>;

/** `lost`: no answer, or one that does not tell: the write may have happened or may still happen. */
export type WriteOutcome =
  | { readonly kind: 'written'; readonly row: AssociateRow }
  | { readonly kind: 'gone' }
  /** The row is there and does not hold what was expected: nothing was written. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'lost'; readonly cause: Failure };

export type DeleteOutcome =
  { readonly kind: 'deleted' } | Exclude<WriteOutcome, { readonly kind: 'written' | 'changed' }>;

export interface NewRow {
  readonly kind: Kind;
  /** In a customer without `customerNo` the ERP gives the number (from the interval, when one is set). */
  readonly values: RowValues;
}

/**
 * The ERP's party table. Calls made at the same time share requests. Every method throws `Failure` for what surely did
 * not happen; a write whose fate is unknown resolves to `lost`.
 */
export interface Associates {
  find(selector: Selector): Promise<readonly AssociateRow[]>;
  /** Defaults of NXT_CUSTOMER_DEFAULTS or NXT_CONTACT_DEFAULTS are added here. */
  create(row: NewRow, beforeSend: BeforeSend): Promise<WriteOutcome>;
  /** `gone` when no row has the number; `changed` when its columns do not hold what `expected` says, where that is given. */
  update(
    associateNo: AssociateNo,
    values: RowValues,
    beforeSend: BeforeSend,
    expected?: RowValues,
  ): Promise<WriteOutcome>;
  /**
   * An update that also empties the columns that may say something about a person and that this program never reads:
   * those of the table, and those of NXT_PERSONAL_COLUMNS.
   */
  erase(associateNo: AssociateNo, values: RowValues, beforeSend: BeforeSend): Promise<WriteOutcome>;
  delete(associateNo: AssociateNo, beforeSend: BeforeSend): Promise<DeleteOutcome>;
  /** Highest customer number in use, within the interval if one is given; 0 when none is. */
  highestCustomerNo(interval?: { readonly from: number; readonly to: number }): Promise<number>;
  /**
   * A free customer number, for a row that is there already (the ERP suggests numbers only at a create); calls made at the
   * same time get different ones. @throws Failure `erp.number-interval-full`
   */
  nextCustomerNo(): Promise<CustomerNo>;
  /** All rows, in pages by ascending associate number. For the import's plan. */
  scan(): AsyncIterable<readonly AssociateRow[]>;
  /**
   * Rows that were changed since then, in pages; none where no column says so.
   * @param since the server's local time without a zone, `2026-11-21T08:00:00`
   */
  changedSince(since: string): AsyncIterable<readonly AssociateRow[]>;
  /** The cheapest request that proves token, company and schema; throws the Failure that stands in the way. */
  probe(): Promise<void>;
}
