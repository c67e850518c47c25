import * as z from 'zod';
import type { OrderKey, RecordRef } from '../record/index.ts';
import { refText } from './keys.ts';
import type { Rows } from './table.ts';

/** Longer than anybody sends an old event again: a restored backup, a queue that somebody plays once more. */
const KEPT_DAYS = 365;
const DAY_MS = 86_400_000;
const PARTITION = 'tombstones';
/** Sorts after every key. */
const END = '~';

/** Up to when a record was deleted; whatever is not newer must not bring it back. */
export type Deletion = Pick<OrderKey, 'version' | 'occurredAt'>;

/**
 * What stays of records that were deleted in the CRM and are forgotten otherwise: a keyed hash of the id, and the key of
 * the last event. Neither says whose it is.
 */
export interface Tombstones {
  set(ref: RecordRef, deletion: Deletion): Promise<void>;
  /** Null for a record that was never deleted, or longer ago than a year. */
  read(ref: RecordRef): Promise<Deletion | null>;
  lift(ref: RecordRef): Promise<void>;
  /** Removes those that are a year old; how many. */
  forget(): Promise<number>;
}

export interface TombstoneDeps {
  /** The table `control`. */
  readonly rows: Pick<Rows, 'get' | 'save' | 'range' | 'remove'>;
  readonly hash: (field: string, text: string) => Promise<string>;
  readonly now: () => number;
}

const columns = z.object({ version: z.string(), occurredAt: z.string(), setAt: z.string() });

export function createTombstones({ rows, hash, now }: TombstoneDeps): Tombstones {
  const addressOf = async (ref: RecordRef) => ({
    partitionKey: PARTITION,
    rowKey: await hash('tombstone', refText(ref)),
  });
  return {
    async set(ref, { version, occurredAt }) {
      // As a text: a version may be beyond 32 bits.
      const row = {
        version: version === null ? '' : String(version),
        occurredAt,
        setAt: new Date(now()).toISOString(),
      };
      await rows.save([{ do: 'put', at: await addressOf(ref), row }]);
    },
    async read(ref) {
      const found = await rows.get(await addressOf(ref), (entity) => ({
        etag: entity.etag,
        row: columns.parse(entity),
      }));
      if (!found) return null;
      const { version, occurredAt } = found.row;
      return { version: version === '' ? null : Number(version), occurredAt };
    },
    async lift(ref) {
      await rows.remove(await addressOf(ref));
    },
    async forget() {
      const before = new Date(now() - KEPT_DAYS * DAY_MS).toISOString();
      let forgotten = 0;
      for await (const entity of rows.range(PARTITION, '', END, { select: ['setAt'] })) {
        if (String(entity['setAt']) >= before || entity.rowKey === undefined) continue;
        await rows.remove({ partitionKey: PARTITION, rowKey: entity.rowKey });
        forgotten += 1;
      }
      return forgotten;
    },
  };
}
