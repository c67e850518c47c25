import { refText } from '../store/index.ts';
import type { RecordRef } from '../record/index.ts';

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
