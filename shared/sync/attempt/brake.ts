import * as z from 'zod';
import type { Rows } from '../../store/index.ts';

const HOUR_MS = 3_600_000;
const columns = z.object({ since: z.string(), count: z.number() });

export interface BrakeDeps {
  /** What is counted. */
  readonly name: 'deletes' | 'crm-writes' | 'settlings';
  readonly rows: Rows;
  readonly perHour: number;
  readonly now: () => number;
}

/** Counts what all instances do, in one row; the hour begins with its first one. */
export function createBrake({ name, rows, perHour, now }: BrakeDeps): () => Promise<boolean> {
  const at = { partitionKey: 'brake', rowKey: name };
  return async () => {
    for (;;) {
      const found = await rows.get(at, (entity) => ({ etag: entity.etag, row: columns.parse(entity) }));
      const isThisHour = found !== null && Date.parse(found.row.since) + HOUR_MS > now();
      const count = isThisHour ? found.row.count : 0;
      if (count >= perHour) return false;
      const next = { since: isThisHour ? found.row.since : new Date(now()).toISOString(), count: count + 1 };
      const done = found ? await rows.replace(at, next, found.etag) : await rows.insert(at, next);
      if (done !== 'conflict') return true;
    }
  };
}
