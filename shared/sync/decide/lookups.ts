import type { AssociateNo, RecordRef } from '../../record/index.ts';
import type { AssociateRow, Selector } from '../../erp/index.ts';

/**
 * Where a decision looks. An attempt asks the ERP and the ledger; an import's plan asks what it has read in bulk.
 */
export interface Lookups {
  /** Rows that fit any key of the selector, compared exactly. */
  find(selector: Selector): Promise<readonly AssociateRow[]>;
  /** The record that holds the row, as `customer|C-1`; null when none does. */
  holderOf(no: AssociateNo): Promise<string | null>;
  /** Keyed hash of a field's canonical text. */
  readonly hash: (field: string, text: string) => Promise<string>;
  /** Whether the CRM deleted or merged the record, and nobody works on it just now: its row is free. */
  isGone(record: RecordRef): Promise<boolean>;
}
