import type { TableClient, TransactionAction } from '@azure/data-tables';
import { storageStatus } from '../storage.ts';
import type { RowAddress } from './keys.ts';
import type { Entity } from './codec.ts';
import type { Stored } from './rows.ts';

/** One step of a save: all steps of a save are in one partition and happen together or not at all. */
export type Step =
  | { readonly do: 'put'; readonly at: RowAddress; readonly row: Record<string, unknown> }
  | { readonly do: 'insert'; readonly at: RowAddress; readonly row: Record<string, unknown> }
  | {
      readonly do: 'replace' | 'merge';
      readonly at: RowAddress;
      readonly row: Record<string, unknown>;
      readonly etag: string;
    }
  | { readonly do: 'delete'; readonly at: RowAddress };

/** The other writer was first (412), the row is there already (409), or gone (404). */
export type Conflict = 'conflict';

export type Etag = string & { readonly __brand: 'Etag' };

/** A table whose refusals by etag are answers, not exceptions. Storage faults are thrown as the SDK throws them. */
export interface Rows {
  get<Row>(at: RowAddress, parse: (entity: Entity) => Stored<Row>): Promise<Stored<Row> | null>;
  insert(at: RowAddress, row: Record<string, unknown>): Promise<Etag | Conflict>;
  replace(at: RowAddress, row: Record<string, unknown>, etag: string): Promise<Etag | Conflict>;
  merge(at: RowAddress, row: Record<string, unknown>, etag: string): Promise<Etag | Conflict>;
  /** With an etag: only if it is still that one. A row that is gone is deleted. */
  remove(at: RowAddress, etag?: string): Promise<'done' | Conflict>;
  save(steps: readonly Step[]): Promise<'done' | Conflict>;
  /** Rows of one partition with keys from `from` up to, not including, `to`. */
  range(partitionKey: string, from: string, to: string, options?: RangeOptions): AsyncIterable<Entity>;
}

export interface RangeOptions {
  readonly select?: readonly string[];
  /** Further condition, OData. */
  readonly where?: string;
}

export function createRows(table: TableClient): Rows {
  let ready: Promise<unknown> | null = null;
  /** The first use creates the table; a failure is forgotten, so that the next use tries again. */
  const prepared = async (): Promise<TableClient> => {
    ready ??= table.createTable().catch((error: unknown) => {
      ready = null;
      throw error;
    });
    await ready;
    return table;
  };

  const orConflict = async <T>(work: () => Promise<T>): Promise<T | Conflict> => {
    try {
      return await work();
    } catch (error) {
      const status = storageStatus(error);
      if (status === 412 || status === 409 || status === 404) return 'conflict';
      throw error;
    }
  };

  return {
    async get(at, parse) {
      const client = await prepared();
      try {
        return parse(await client.getEntity(at.partitionKey, at.rowKey));
      } catch (error) {
        if (storageStatus(error) === 404) return null;
        throw error;
      }
    },
    async insert(at, row) {
      const client = await prepared();
      return orConflict(async () => ((await client.createEntity({ ...at, ...row })).etag ?? '') as Etag);
    },
    async replace(at, row, etag) {
      const client = await prepared();
      return orConflict(
        async () => ((await client.updateEntity({ ...at, ...row }, 'Replace', { etag })).etag ?? '') as Etag,
      );
    },
    async merge(at, row, etag) {
      const client = await prepared();
      return orConflict(
        async () => ((await client.updateEntity({ ...at, ...row }, 'Merge', { etag })).etag ?? '') as Etag,
      );
    },
    async remove(at, etag) {
      const client = await prepared();
      try {
        await client.deleteEntity(at.partitionKey, at.rowKey, etag === undefined ? {} : { etag });
        return 'done';
      } catch (error) {
        const status = storageStatus(error);
        if (status === 404) return 'done';
        if (status === 412) return 'conflict';
        throw error;
      }
    },
    async save(steps) {
      const client = await prepared();
      return orConflict(async () => {
        await client.submitTransaction(steps.map(toAction));
        return 'done' as const;
      });
    },
    async *range(partitionKey, from, to, { select, where } = {}) {
      const client = await prepared();
      const filter = `PartitionKey eq '${partitionKey}' and RowKey ge '${from}' and RowKey lt '${to}'`;
      yield* client.listEntities({
        queryOptions: {
          filter: where === undefined ? filter : `${filter} and (${where})`,
          ...(select && { select: ['PartitionKey', 'RowKey', ...select] }),
        },
      });
    },
  };
}

function toAction(step: Step): TransactionAction {
  switch (step.do) {
    case 'put':
      return ['upsert', { ...step.at, ...step.row }, 'Replace'];
    case 'insert':
      return ['create', { ...step.at, ...step.row }];
    case 'replace':
      return ['update', { ...step.at, ...step.row }, 'Replace', { etag: step.etag }];
    case 'merge':
      return ['update', { ...step.at, ...step.row }, 'Merge', { etag: step.etag }];
    case 'delete':
      return ['delete', { ...step.at }];
  }
}
