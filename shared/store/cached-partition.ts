import type { Entity } from './row.ts';
import type { Rows } from './table.ts';

/** All rows of a small partition, read at once and kept for a few seconds. */
export interface CachedPartition<Row> {
  /** As it stood a few seconds ago at most, and always after an own change. */
  recent(): Promise<ReadonlyMap<string, Row>>;
  /** As it stands now, by row key. */
  current(): Promise<ReadonlyMap<string, Row>>;
  insert(rowKey: string, row: Record<string, unknown>): Promise<'done' | 'there-already'>;
  remove(rowKey: string): Promise<void>;
}

/** How long another process's change may go unseen. */
const CACHE_MS = 5_000;
/** Sorts after every key. */
const END = '~';

export function cachedPartition<Row>(
  rows: Pick<Rows, 'range' | 'insert' | 'remove'>,
  partitionKey: string,
  parse: (entity: Entity) => Row,
  now: () => number,
): CachedPartition<Row> {
  let known: { readonly at: number; readonly entries: Promise<ReadonlyMap<string, Row>> } | null = null;

  const read = async (): Promise<ReadonlyMap<string, Row>> => {
    const entries = new Map<string, Row>();
    for await (const entity of rows.range(partitionKey, '', END)) entries.set(entity.rowKey ?? '', parse(entity));
    return entries;
  };
  const current = (): Promise<ReadonlyMap<string, Row>> => {
    const mine = { at: now(), entries: read() };
    known = mine;
    // What could not be read is no answer for the next one.
    mine.entries.catch(() => {
      if (known === mine) known = null;
    });
    return mine.entries;
  };

  return {
    current,
    recent: () => (known && now() - known.at < CACHE_MS ? known.entries : current()),
    async insert(rowKey, row) {
      const done = await rows.insert({ partitionKey, rowKey }, row);
      known = null;
      return done === 'conflict' ? 'there-already' : 'done';
    },
    async remove(rowKey) {
      await rows.remove({ partitionKey, rowKey });
      known = null;
    },
  };
}
