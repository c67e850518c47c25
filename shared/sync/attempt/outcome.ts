import type { OrderKey } from '../../record/index.ts';
import type { Failure, FailureCode } from '../../failure.ts';
import type { LinkRule } from '../decide/situation.ts';
import type { Claim, OutboxKind, StateRow } from '../../store/index.ts';

/** Words for what a finished piece of work came to. */
type Done = 'created' | 'linked' | 'updated' | 'unchanged' | 'deleted' | 'cleared' | 'marked' | 'merged';

/** What plan mode says instead of writing; after `link:` stands the rule. */
export type Plan =
  | ('create' | 'update' | 'nothing' | 'wait-for-customer' | 'merge' | 'delete' | 'cleared' | 'marked')
  | `link:${LinkRule}`;

/** Every word for what became of an attempt, as logs and reports have it; docs/operating.md explains them. */
export type Outcome = keyof typeof OUTCOMES | `plan:${Plan}`;

/** By word, whether the record is looked at again without anybody's doing. */
export const OUTCOMES = {
  created: 'done',
  linked: 'done',
  updated: 'done',
  unchanged: 'done',
  cleared: 'done',
  merged: 'done',
  deleted: 'done',
  marked: 'done',
  ignored: 'done',
  superseded: 'done',
  'nothing-to-do': 'done',
  looked: 'done',
  folded: 'again',
  early: 'again',
  left: 'again',
  waiting: 'again',
  held: 'again',
  paused: 'again',
  unreadable: 'again',
  restricted: 'for-a-person',
  failed: 'for-a-person',
  listed: 'for-a-person',
} as const satisfies Record<Done, 'done'> & Record<string, 'done' | 'again' | 'for-a-person'>;

const isWord = (outcome: string): outcome is keyof typeof OUTCOMES => outcome in OUTCOMES;

/** The record is looked at again: by another message, or by the sweep. */
export const comesAgain = (outcome: string): boolean => isWord(outcome) && OUTCOMES[outcome] === 'again';

/** What became of one attempt at a record. */
export interface Applied {
  readonly outcome: Outcome;
  readonly code?: FailureCode;
  readonly detail?: string;
  readonly traceId?: string;
  readonly fields?: readonly string[];
}

/** What a piece of work comes to while the lease is held. */
export type Work =
  | {
      readonly kind: 'done';
      readonly outcome: Done;
      /** What is now known of the record. */
      readonly state: Partial<StateRow>;
      readonly owed: readonly OutboxKind[];
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
  | { readonly kind: 'planned'; readonly plan: Plan; readonly fields: readonly string[] }
  /** Another holder has the record now. */
  | { readonly kind: 'lost-lease' };
