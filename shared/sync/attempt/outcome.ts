import type { OrderKey } from '../../record/index.ts';
import type { Failure, FailureCode } from '../../failure.ts';
import type { Claim, DebtKind, StateRow } from '../../store/index.ts';

/** What became of one attempt at a record. */
export interface Applied {
  /** See docs/operating.md for the words. */
  readonly outcome: string;
  readonly code?: FailureCode;
  readonly detail?: string;
  readonly traceId?: string;
  readonly fields?: readonly string[];
}

/** What a piece of work comes to while the lease is held. */
export type Work =
  | {
      readonly kind: 'done';
      readonly outcome: 'created' | 'linked' | 'updated' | 'unchanged' | 'deleted' | 'cleared' | 'marked' | 'merged';
      /** What is now known of the record. */
      readonly state: Partial<StateRow>;
      readonly owed: readonly DebtKind[];
      readonly wrote: boolean;
      /** On its organisation number, released once the link is saved. */
      readonly claim?: Claim;
      /** Where the applied state stands in the record's history, where the pending row does not say. */
      readonly key?: OrderKey;
    }
  | {
      readonly kind: 'wait';
      readonly code: FailureCode;
      /** Milliseconds since 1970. */
      readonly until: number;
      readonly waitingSince?: string;
      /** The record's own requests fail while others are answered: an attempt is spent, and after some it is listed so. */
      readonly spent?: Failure;
    }
  /** `CRM_SYNC_WHEN` keeps it out of the ERP: nothing is kept of it. */
  | { readonly kind: 'ignored' }
  /** Plan mode: what would be done. `fields` are names of ERP columns. */
  | { readonly kind: 'planned'; readonly plan: string; readonly fields: readonly string[] }
  /** Another holder has the record now. */
  | { readonly kind: 'lost-lease' };
