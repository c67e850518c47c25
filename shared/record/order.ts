import type { OrderKey } from './types.ts';

/** How the first key stands to the second. `same-key`: equal, another event; the one that arrives later wins. */
export type KeyOrder = 'newer' | 'older' | 'repeat' | 'same-key';

/**
 * Newest wins: by `version` when both have one, else by the instant of `occurredAt`. A total order as long as a
 * record's events all have a version or none has.
 */
export function compareKeys(a: OrderKey, b: OrderKey): KeyOrder {
  const difference =
    a.version !== null && b.version !== null
      ? a.version - b.version
      : Date.parse(a.occurredAt) - Date.parse(b.occurredAt);
  if (difference > 0) return 'newer';
  if (difference < 0) return 'older';
  return a.eventId === b.eventId ? 'repeat' : 'same-key';
}
