import { refText } from '../store/index.ts';
import type { RecordRef } from '../record/index.ts';
import { Failure, type FailureCode } from '../failure.ts';

/** Ways in which a CRM says no that may mean the record, or everybody. */
export type Refusal = 'unauthorized' | 'redirected';

/** What a record met longer ago says nothing about another. */
const MEMORY_MS = 10 * 60_000;

export interface Refusals {
  /** Notes it; true when another record has met the same, and none was taken since. */
  isShared(refusal: Refusal, ref: RecordRef): boolean;
  /** The CRM has taken a record's numbers: what others met is their own. */
  forget(): void;
}

/**
 * What one record meets is that record's; what several meet is the token's or the address's. Each process remembers by
 * itself: a record that waits is tried again soon, wherever, and two of them meet.
 */
export function createRefusals(now: () => number): Refusals {
  const met = new Map<string, { readonly refusal: Refusal; readonly at: number }>();
  return {
    isShared(refusal, ref) {
      const text = refText(ref);
      for (const [key, { at }] of met) if (at <= now() - MEMORY_MS) met.delete(key);
      met.set(text, { refusal, at: now() });
      return [...met].some(([key, other]) => key !== text && other.refusal === refusal);
    },
    forget: () => met.clear(),
  };
}

/** Tries that are refused (401, 403) while nobody else is: then it is the record, and a person looks at it. */
const TRIES_ALONE = 3;

/** What a refusal means once several records have met it. */
const SHARED = { unauthorized: 'crm.unauthorized', redirected: 'crm.redirected' } as const;

/**
 * Returns where a refusal is the record's own, and a person looks at it.
 * @param attempts tries before this one
 * @param stoppedBy what the flow stands still for, where this request probed it
 * @throws Failure that stops the flow where several records have met it, or has this one tried again.
 */
export function judgeRefusal(
  refusals: Refusals,
  refusal: Refusal,
  {
    ref,
    attempts,
    stoppedBy,
  }: { readonly ref: RecordRef; readonly attempts: number; readonly stoppedBy?: FailureCode | undefined },
): void {
  const code = SHARED[refusal];
  if (refusals.isShared(refusal, ref) || stoppedBy === code) throw new Failure(code, { detail: 'CRM_API_URL' });
  if (refusal === 'redirected' || attempts + 1 < TRIES_ALONE) throw new Failure('crm.unavailable', { detail: refusal });
}
