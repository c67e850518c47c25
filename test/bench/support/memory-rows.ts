import type { Rows } from '../../../shared/store/index.ts';

type Entity = Parameters<Parameters<Rows['get']>[1]>[0];
type Etag = Exclude<Awaited<ReturnType<Rows['insert']>>, 'conflict'>;

interface Kept {
  readonly entity: Record<string, unknown>;
  readonly etag: string;
}

/** The ledger's table in memory: the same rules about etags as Table storage, so that only its speed is left out. */
export function memoryRows(): Rows {
  const partitions = new Map<string, Map<string, Kept>>();
  let counter = 0;
  const partition = (key: string): Map<string, Kept> => {
    const found = partitions.get(key) ?? new Map<string, Kept>();
    partitions.set(key, found);
    return found;
  };
  const put = (at: { partitionKey: string; rowKey: string }, row: Record<string, unknown>): Etag => {
    counter += 1;
    const etag = `W/"${counter}"`;
    partition(at.partitionKey).set(at.rowKey, { entity: { ...row }, etag });
    return etag as Etag;
  };
  const find = (at: { partitionKey: string; rowKey: string }) => partition(at.partitionKey).get(at.rowKey);
  const toEntity = (rowKey: string, partitionKey: string, { entity, etag }: Kept): Entity => ({
    ...entity,
    partitionKey,
    rowKey,
    etag,
  });

  return {
    async get(at, parse) {
      const kept = find(at);
      return kept === undefined ? null : parse(toEntity(at.rowKey, at.partitionKey, kept));
    },
    async insert(at, row) {
      return find(at) === undefined ? put(at, row) : 'conflict';
    },
    async replace(at, row, etag) {
      return find(at)?.etag === etag ? put(at, row) : 'conflict';
    },
    async merge(at, row, etag) {
      const kept = find(at);
      return kept?.etag === etag ? put(at, { ...kept.entity, ...row }) : 'conflict';
    },
    async remove(at, etag) {
      const kept = find(at);
      if (kept === undefined) return 'done';
      if (etag !== undefined && kept.etag !== etag) return 'conflict';
      partition(at.partitionKey).delete(at.rowKey);
      return 'done';
    },
    async save(steps) {
      for (const step of steps) {
        const kept = find(step.at);
        if (step.do === 'insert' && kept !== undefined) return 'conflict';
        if (step.do === 'delete' && kept === undefined) return 'conflict';
        if ((step.do === 'replace' || step.do === 'merge') && kept?.etag !== step.etag) return 'conflict';
      }
      for (const step of steps) {
        if (step.do === 'delete') partition(step.at.partitionKey).delete(step.at.rowKey);
        else if (step.do === 'merge') put(step.at, { ...find(step.at)?.entity, ...step.row });
        else put(step.at, step.row);
      }
      return 'done';
    },
    async *range(partitionKey, from, to) {
      const keys = [...partition(partitionKey).keys()].filter((key) => key >= from && key < to).sort();
      for (const key of keys) {
        const kept = partition(partitionKey).get(key);
        if (kept !== undefined) yield toEntity(key, partitionKey, kept);
      }
    },
  };
}
