import * as z from 'zod';
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
 * else. Few rows, so that all of them are read at once and kept for seconds.
 */
export interface Suppressions {
  /** Whether one of the keys is on the list; as it stood a few seconds ago at most, and always after an own change. */
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

const PARTITION = 'suppressed';
/** Sorts after every hash. */
const END = '~';
const CACHE_MS = 5_000;

const columns = z.object({ rowKey: z.string(), receipt: z.string() });

export function createSuppressions({ rows, hash, now }: SuppressionDeps): Suppressions {
  let known: { readonly at: number; readonly entries: Promise<ReadonlyMap<string, string>> } | null = null;

  const keyOf = async ({ by, text }: PersonKey): Promise<string> => `${by}|${await hash(`suppressed:${by}`, text)}`;

  /** Row key → receipt. */
  const read = async (): Promise<ReadonlyMap<string, string>> => {
    const entries = new Map<string, string>();
    for await (const entity of rows.range(PARTITION, '', END)) {
      const { rowKey, receipt } = columns.parse(entity);
      entries.set(rowKey, receipt);
    }
    return entries;
  };
  const readNow = (): Promise<ReadonlyMap<string, string>> => {
    const entries = read();
    const mine = { at: now(), entries };
    known = mine;
    entries.catch(() => {
      if (known === mine) known = null;
    });
    return entries;
  };
  const anyOf = async (entries: ReadonlyMap<string, string>, keys: readonly PersonKey[]): Promise<boolean> => {
    if (entries.size === 0) return false;
    return (await Promise.all(keys.map(keyOf))).some((key) => entries.has(key));
  };

  return {
    covers: async (keys) => anyOf(await (known && now() - known.at < CACHE_MS ? known.entries : readNow()), keys),
    coversNow: async (keys) => anyOf(await readNow(), keys),
    async add(keys, receipt) {
      for (const key of keys) {
        await rows.insert({ partitionKey: PARTITION, rowKey: await keyOf(key) }, { receipt });
      }
      known = null;
    },
    async lift(keys) {
      const entries = await readNow();
      const mine = await Promise.all(keys.map(keyOf));
      const receipts = new Set(mine.flatMap((key) => entries.get(key) ?? []));
      const lifted = [...entries].filter(([, receipt]) => receipts.has(receipt)).map(([rowKey]) => rowKey);
      for (const rowKey of lifted) await rows.remove({ partitionKey: PARTITION, rowKey });
      known = null;
      return lifted.length;
    },
    count: async () => (await readNow()).size,
  };
}
