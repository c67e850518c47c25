import type { Rows } from '../../shared/store/index.ts';

interface Row {
  readonly row: Record<string, unknown>;
  readonly etag: string;
}
type Address = Parameters<Rows['remove']>[0];
type Step = Parameters<Rows['save']>[0][number];
type Entity = Parameters<Parameters<Rows['get']>[1]>[0];
type Etag = Exclude<Awaited<ReturnType<Rows['insert']>>, 'conflict'>;

/** How an operation goes to storage and back: `work` happens in between. */
export type Travel = <T>(work: () => T) => Promise<T>;

/** Table storage takes so many entities in one transaction. */
const MOST_STEPS = 100;

/** A table in memory that keeps the rules of Table storage: the contract suite holds for both. */
export class MemoryTable {
  readonly #partitions = new Map<string, Map<string, Row>>();
  #etags = 0;

  /** Every row as stored, for a test that looks at everything. */
  *entities(): Generator<Entity> {
    for (const [partitionKey, partition] of this.#partitions) {
      for (const [rowKey, { row, etag }] of partition) yield { ...row, partitionKey, rowKey, etag };
    }
  }

  /** As one process sees it. */
  rows(travel: Travel): Rows {
    return {
      get: (at, parse) =>
        travel(() => {
          const found = this.#find(at);
          return found ? parse({ ...found.row, ...at, etag: found.etag }) : null;
        }),
      insert: (at, row) => travel(() => (this.#find(at) ? 'conflict' : this.#put(at, row))),
      replace: (at, row, etag) => travel(() => (this.#isThere(at, etag) ? this.#put(at, row) : 'conflict')),
      merge: (at, row, etag) => travel(() => (this.#isThere(at, etag) ? this.#merge(at, row) : 'conflict')),
      remove: (at, etag) =>
        travel(() => {
          if (etag !== undefined && this.#find(at) && !this.#isThere(at, etag)) return 'conflict';
          this.#partition(at.partitionKey).delete(at.rowKey);
          return 'done';
        }),
      save: (steps) => travel(() => this.#save(steps)),
      range: (partitionKey, from, to, { select } = {}) => {
        const look = (): readonly Entity[] =>
          [...this.#partition(partitionKey)]
            .filter(([rowKey]) => rowKey >= from && rowKey < to)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([rowKey, { row, etag }]) => ({ ...selected(row, select), partitionKey, rowKey, etag }));
        return (async function* () {
          yield* await travel(look);
        })();
      },
    };
  }

  #save(steps: readonly Step[]): 'done' | 'conflict' {
    const partitions = new Set(steps.map(({ at }) => at.partitionKey));
    if (partitions.size !== 1 || steps.length > MOST_STEPS) throw new Error('not one transaction');
    const isPossible = steps.every((step) => {
      return isPut(step) || this.#isThere(step.at, step.etag);
    });
    if (!isPossible) return 'conflict';
    for (const step of steps) {
      if (step.do === 'delete') this.#partition(step.at.partitionKey).delete(step.at.rowKey);
      else if (step.do === 'merge' || step.do === 'put-merge') this.#merge(step.at, step.row);
      else this.#put(step.at, step.row);
    }
    return 'done';
  }

  #put({ partitionKey, rowKey }: Address, row: Record<string, unknown>): Etag {
    const etag = `W/"${(this.#etags += 1)}"`;
    this.#partition(partitionKey).set(rowKey, { row: stored(row), etag });
    return etag as Etag;
  }

  #merge(at: Address, row: Record<string, unknown>): Etag {
    return this.#put(at, { ...this.#find(at)?.row, ...stored(row) });
  }

  #partition(key: string): Map<string, Row> {
    const partition = this.#partitions.get(key) ?? new Map<string, Row>();
    this.#partitions.set(key, partition);
    return partition;
  }

  #find({ partitionKey, rowKey }: Address): Row | undefined {
    return this.#partitions.get(partitionKey)?.get(rowKey);
  }

  #isThere(at: Address, etag?: string): boolean {
    const found = this.#find(at);
    return found !== undefined && (etag === undefined || found.etag === etag);
  }
}

const isPut = (step: Step): step is Extract<Step, { do: 'put' | 'put-merge' }> =>
  step.do === 'put' || step.do === 'put-merge';

/** A table has no nulls: a column without a value is not stored. */
const stored = (row: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined && value !== null));

const selected = (row: Record<string, unknown>, select?: readonly string[]): Record<string, unknown> =>
  select ? Object.fromEntries(Object.entries(row).filter(([column]) => select.includes(column))) : row;
