import type { TableClient, TableEntityResultPage, TransactionAction } from '@azure/data-tables';
import { isContainerGone, storageCall, storageStatus, type StorageCall } from '../storage.ts';
import { conditionalDeletes } from './conditional-delete.ts';
import type { RowAddress } from './keys.ts';
import type { Entity } from './row.ts';
import type { Stored } from './row.ts';

/** One step of a save: all steps of a save are in one partition and happen together or not at all. */
export type Step =
  /** Over whatever is there; `merge` leaves columns alone that the row does not name. */
  | { readonly do: 'put' | 'put-merge'; readonly at: RowAddress; readonly row: Record<string, unknown> }
  | {
      readonly do: 'replace' | 'merge';
      readonly at: RowAddress;
      readonly row: Record<string, unknown>;
      readonly etag: string;
    }
  /** With an etag: only if it is still that one. A row that is gone is a conflict. */
  | { readonly do: 'delete'; readonly at: RowAddress; readonly etag?: string };

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
  /** Which columns; all when left out. */
  readonly select?: readonly string[];
}

export function createRows(table: TableClient, call: StorageCall = storageCall): Rows {
  const onlyIfStill = conditionalDeletes(table);
  let ready: Promise<unknown> | null = null;
  /** The first use creates the table; a failure is forgotten, so that the next use tries again. */
  const prepared = async (): Promise<void> => {
    ready ??= call((abortSignal) => table.createTable({ abortSignal })).catch((error: unknown) => {
      ready = null;
      throw error;
    });
    await ready;
  };

  /** One operation. A table that somebody deleted is made again: what was in it is lost, what comes now is not. */
  const use = async <T>(work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
    await prepared();
    try {
      return await call(work);
    } catch (error) {
      if (!isContainerGone(error)) throw error;
      ready = null;
      await prepared();
      return call(work);
    }
  };

  const orConflict = async <T>(work: (abortSignal: AbortSignal) => Promise<T>): Promise<T | Conflict> => {
    try {
      return await use(work);
    } catch (error) {
      const status = storageStatus(error);
      if ((status === 412 || status === 409 || status === 404) && !isContainerGone(error)) return 'conflict';
      throw error;
    }
  };
  const etagOf = ({ etag = '' }: { readonly etag?: string }): Etag => etag as Etag;

  return {
    async get(at, parse) {
      try {
        return parse(await use((abortSignal) => table.getEntity(at.partitionKey, at.rowKey, { abortSignal })));
      } catch (error) {
        if (storageStatus(error) === 404 && !isContainerGone(error)) return null;
        throw error;
      }
    },
    insert: (at, row) =>
      orConflict(async (abortSignal) => etagOf(await table.createEntity({ ...at, ...row }, { abortSignal }))),
    replace: (at, row, etag) =>
      orConflict(async (abortSignal) =>
        etagOf(await table.updateEntity({ ...at, ...row }, 'Replace', { etag, abortSignal })),
      ),
    merge: (at, row, etag) =>
      orConflict(async (abortSignal) =>
        etagOf(await table.updateEntity({ ...at, ...row }, 'Merge', { etag, abortSignal })),
      ),
    async remove(at, etag) {
      try {
        await use((abortSignal) =>
          table.deleteEntity(at.partitionKey, at.rowKey, { abortSignal, ...(etag !== undefined && { etag }) }),
        );
        return 'done';
      } catch (error) {
        const status = storageStatus(error);
        if (status === 404 && !isContainerGone(error)) return 'done';
        if (status === 412) return 'conflict';
        throw error;
      }
    },
    save: (steps) =>
      orConflict(async (abortSignal) => {
        const conditions = steps.flatMap((step) =>
          step.do === 'delete' && step.etag !== undefined ? [[step.at.rowKey, step.etag] as const] : [],
        );
        if (conditions.length > 0) onlyIfStill(abortSignal, new Map(conditions));
        await table.submitTransaction(steps.map(toAction), { abortSignal });
        return 'done' as const;
      }),
    async *range(partitionKey, from, to, { select } = {}) {
      const filter = `PartitionKey eq '${partitionKey}' and RowKey ge '${from}' and RowKey lt '${to}'`;
      const queryOptions = {
        filter,
        ...(select && { select: ['PartitionKey', 'RowKey', ...select] }),
      };
      // Each page is a call of its own, with its own limit: a long list is not a slow one.
      for (let continuationToken: string | undefined, isLast = false; !isLast;) {
        const page = await use(async (abortSignal) => {
          const pages = table.listEntities({ queryOptions, abortSignal });
          const page: IteratorResult<TableEntityResultPage<Record<string, unknown>>, undefined> = await pages
            .byPage(continuationToken === undefined ? {} : { continuationToken })
            .next();
          return page.value;
        });
        yield* page ?? [];
        continuationToken = page?.continuationToken;
        isLast = continuationToken === undefined || continuationToken === '';
      }
    },
  };
}

function toAction(step: Step): TransactionAction {
  switch (step.do) {
    case 'put':
      return ['upsert', { ...step.at, ...step.row }, 'Replace'];
    case 'put-merge':
      return ['upsert', { ...step.at, ...step.row }, 'Merge'];
    case 'replace':
      return ['update', { ...step.at, ...step.row }, 'Replace', { etag: step.etag }];
    case 'merge':
      return ['update', { ...step.at, ...step.row }, 'Merge', { etag: step.etag }];
    case 'delete':
      return ['delete', { ...step.at }];
  }
}
