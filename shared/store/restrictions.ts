import * as z from 'zod';
import type { RecordRef } from '../record/index.ts';
import { cachedPartition } from './cached-partition.ts';
import { recordOfText, refText } from './keys.ts';
import type { Rows } from './table.ts';

export interface Restriction {
  readonly ref: RecordRef;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** Under which receipt. */
  readonly receipt: string;
}

/** Records that are kept and not processed until somebody says so (articles 18 and 21 of the GDPR). */
export interface Restrictions {
  /** Another process's change may be missed for a few seconds. */
  holds(ref: RecordRef): Promise<boolean>;
  set(restriction: Restriction): Promise<'done' | 'there-already'>;
  lift(ref: RecordRef): Promise<void>;
  list(): Promise<readonly Restriction[]>;
}

const columns = z.object({ since: z.string(), receipt: z.string() });

export function createRestrictions(rows: Pick<Rows, 'range' | 'insert' | 'remove'>, now: () => number): Restrictions {
  const all = cachedPartition(rows, 'restricted', (entity) => columns.parse(entity), now);
  return {
    holds: async (ref) => (await all.recent()).has(refText(ref)),
    set: ({ ref, since, receipt }) => all.insert(refText(ref), { since, receipt }),
    lift: (ref) => all.remove(refText(ref)),
    list: async () => [...(await all.current())].map(([key, row]) => ({ ref: recordOfText(key), ...row })),
  };
}
