import * as z from 'zod';
import { cachedPartition } from './cached-partition.ts';
import type { Rows } from './table.ts';

/** What a person can be recognised by again. */
export type SuppressedBy = 'id' | 'email' | 'phone';

/** One key of a person, as a text that equal keys share; it is hashed at once. */
export interface PersonKey {
  readonly by: SuppressedBy;
  readonly text: string;
}

/**
 * Persons who were erased and must not come back: keyed hashes of their id, e-mail address and phone number, nothing
 * else.
 */
export interface Suppressions {
  /** Whether one of the keys is on the list; another process's change may be missed for a few seconds. */
  covers(keys: readonly PersonKey[]): Promise<boolean>;
  /** The same as it stands now. */
  coversNow(keys: readonly PersonKey[]): Promise<boolean>;
  /** @param receipt under which it was done, and is taken back. */
  add(keys: readonly PersonKey[], receipt: string): Promise<void>;
  /** Takes entries with one of the keys, and all that were made with them, off the list; how many. */
  lift(keys: readonly PersonKey[]): Promise<number>;
  count(): Promise<number>;
}

export interface SuppressionDeps {
  /** The table `control`. */
  readonly rows: Pick<Rows, 'range' | 'insert' | 'remove'>;
  readonly hash: (field: string, text: string) => Promise<string>;
  readonly now: () => number;
}

const columns = z.object({ receipt: z.string() });

export function createSuppressions({ rows, hash, now }: SuppressionDeps): Suppressions {
  const list = cachedPartition(rows, 'suppressed', (entity) => columns.parse(entity).receipt, now);
  const keyOf = async ({ by, text }: PersonKey): Promise<string> => `${by}|${await hash(`suppressed:${by}`, text)}`;
  const anyOf = async (entries: ReadonlyMap<string, string>, keys: readonly PersonKey[]): Promise<boolean> =>
    entries.size > 0 && (await Promise.all(keys.map(keyOf))).some((key) => entries.has(key));

  return {
    covers: async (keys) => anyOf(await list.recent(), keys),
    coversNow: async (keys) => anyOf(await list.current(), keys),
    async add(keys, receipt) {
      for (const key of keys) await list.insert(await keyOf(key), { receipt });
    },
    async lift(keys) {
      const entries = await list.current();
      const mine = await Promise.all(keys.map(keyOf));
      const receipts = new Set(mine.flatMap((key) => entries.get(key) ?? []));
      const lifted = [...entries].filter(([, receipt]) => receipts.has(receipt)).map(([rowKey]) => rowKey);
      for (const rowKey of lifted) await list.remove(rowKey);
      return lifted.length;
    },
    count: async () => (await list.current()).size,
  };
}
