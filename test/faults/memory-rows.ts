import type { Rows } from '../../shared/store/index.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Row {
  readonly row: Record<string, unknown>;
  readonly etag: string;
}
type Address = Parameters<Rows['remove']>[0];
type Entity = Parameters<Parameters<Rows['get']>[1]>[0];

/** One storage account's table in memory; every operation takes its time on the way there and back. */
export class MemoryTable {
  readonly #partitions = new Map<string, Map<string, Row>>();
  readonly #time: VirtualTime;
  #etags = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** As one process sees it. */
  rows(): Rows {
    const travel = async <T>(work: () => T): Promise<T> => {
      await this.#time.hop();
      const result = work();
      await this.#time.hop();
      return result;
    };
    type Etag = Exclude<Awaited<ReturnType<Rows['insert']>>, 'conflict'>;
    const isThere = (at: Address, etag?: string): boolean => {
      const found = this.#find(at);
      return found !== undefined && (etag === undefined || found.etag === etag);
    };
    const put = (at: Address, row: Record<string, unknown>): Etag => {
      const etag = String((this.#etags += 1));
      this.#partition(at.partitionKey).set(at.rowKey, { row: { ...row }, etag });
      return etag as Etag;
    };
    const merged = (at: Address, row: Record<string, unknown>): Record<string, unknown> => ({
      ...this.#find(at)?.row,
      ...row,
    });
    return {
      get: (at, parse) =>
        travel(() => {
          const found = this.#find(at);
          return found ? parse({ ...at, ...found.row, etag: found.etag }) : null;
        }),
      insert: (at, row) => travel(() => (isThere(at) ? 'conflict' : put(at, row))),
      replace: (at, row, etag) => travel(() => (isThere(at, etag) ? put(at, row) : 'conflict')),
      merge: (at, row, etag) => travel(() => (isThere(at, etag) ? put(at, merged(at, row)) : 'conflict')),
      remove: (at, etag) =>
        travel(() => {
          if (isThere(at) && !isThere(at, etag)) return 'conflict';
          this.#partition(at.partitionKey).delete(at.rowKey);
          return 'done';
        }),
      save: (steps) =>
        travel(() => {
          const isPossible = steps.every((step) => {
            if (step.do === 'insert') return !isThere(step.at);
            if (step.do === 'delete') return isThere(step.at);
            return step.do === 'put' || isThere(step.at, step.etag);
          });
          if (!isPossible) return 'conflict';
          for (const step of steps) {
            if (step.do === 'delete') this.#partition(step.at.partitionKey).delete(step.at.rowKey);
            else put(step.at, step.do === 'merge' ? merged(step.at, step.row) : step.row);
          }
          return 'done';
        }),
      range: (partitionKey, from, to) => this.#range(partitionKey, from, to),
    };
  }

  #partition(key: string): Map<string, Row> {
    const partition = this.#partitions.get(key) ?? new Map<string, Row>();
    this.#partitions.set(key, partition);
    return partition;
  }

  #find({ partitionKey, rowKey }: Address): Row | undefined {
    return this.#partitions.get(partitionKey)?.get(rowKey);
  }

  async *#range(partitionKey: string, from: string, to: string): AsyncGenerator<Entity> {
    await this.#time.hop();
    const found = [...this.#partition(partitionKey)].flatMap(([rowKey, { row, etag }]) =>
      rowKey >= from && rowKey < to ? [{ partitionKey, rowKey, ...row, etag }] : [],
    );
    await this.#time.hop();
    yield* found;
  }
}
