import { RowError } from './row-error.ts';
import type { RoleKey, Store } from './store.ts';

export interface Interval {
  readonly from?: number | null;
  readonly to?: number | null;
}

export const isRole = (key: string): key is RoleKey => ['customerNo', 'supplierNo', 'employeeNo'].includes(key);

/** The highest number in use plus one, or the next one of a series (rule of the user interface, verified there). */
export function suggestNumber(store: Store, key: RoleKey, interval: Interval = {}): number {
  const from = interval.from ?? 1;
  const to = interval.to ?? Number.MAX_SAFE_INTEGER;
  const next = Math.max(from, store.highest(key, from, to) + 1);
  if (next > to) throw new RowError('IntervalFull', `There is no free number between ${from} and ${to}.`);
  return next;
}
