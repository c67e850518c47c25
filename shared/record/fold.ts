import { compareKeys } from './order.ts';
import type { Change, RecordRef } from './types.ts';

/** What became of one event of a request when the events of each record were folded to the newest. */
export type Folded = 'newest' | 'superseded' | 'repeated';

export interface FoldedChanges {
  /** One change per record: the newest. In the order in which they stood in the request. */
  readonly newest: readonly Change[];
  /** One entry per given change, in the order given. */
  readonly outcomes: readonly Folded[];
}

const recordKey = ({ kind, crmId }: RecordRef): string => `${kind}|${crmId}`;

/** Folds the events of one request, so that each record is stored once. Of equal keys the later in the request wins. */
export function foldChanges(changes: readonly Change[]): FoldedChanges {
  const outcomes: Folded[] = [];
  const winners = new Map<string, { readonly change: Change; readonly index: number }>();
  for (const [index, change] of changes.entries()) {
    const record = recordKey(change.ref);
    const winner = winners.get(record);
    const order = winner === undefined ? 'newer' : compareKeys(change.key, winner.change.key);
    if (order === 'older') {
      outcomes.push('superseded');
    } else if (order === 'repeat') {
      outcomes.push('repeated');
    } else {
      if (winner !== undefined) outcomes[winner.index] = 'superseded';
      winners.set(record, { change, index });
      outcomes.push('newest');
    }
  }
  return { newest: changes.filter((_, index) => outcomes[index] === 'newest'), outcomes };
}
