import type { AssociateNo, ContactValues, CustomerValues, RecordRef } from '../../record/index.ts';
import type { Kept, Order, StateRow } from '../../store/index.ts';
import type { Situation } from './situation.ts';

/** What is known of a record, as far as decisions rest on it. */
export type KnownState = Pick<
  StateRow,
  | 'associateNo'
  | 'customerNo'
  | 'parentNo'
  | 'formerParentNo'
  | 'linkIsNew'
  | 'emptied'
  | 'deletedAt'
  | 'mergedInto'
  | 'hashes'
  | 'wayBack'
  | 'intent'
  | 'failed'
  | 'applied'
  | 'appliedSeen'
>;

/** One record that something is to be decided about. */
export interface Subject {
  readonly ref: RecordRef;
  readonly values: CustomerValues | ContactValues;
  /** Keyed hash of each managed field of `values`. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly state: KnownState;
  /** The link that counts: the state's, unless it is to be made anew. */
  readonly link: Situation['link'];
  /** What a person settled about it. */
  readonly order: Order;
  /** Where a person who linked it said that the ERP's values stay. */
  readonly keepsErp?: Kept;
  /** Contacts: the customer's row. */
  readonly parentNo: AssociateNo | null;
  /** The ledger vouches for the customer's row; else it must be found, and be a customer. */
  readonly parentIsKnown: boolean;
}
