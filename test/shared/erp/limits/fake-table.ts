import type { BudgetTable } from '../../../../shared/erp/limits/budget-row.ts';
import type { Clock } from '../../../../shared/erp/index.ts';

export interface FakeTable {
  /** The table as seen from a process with this clock. */
  seenFrom(clock: Clock): BudgetTable;
  /** Storage operations so far. */
  operations(): number;
  away: boolean;
  /** The row's columns; undefined before the first write. */
  row(): { readonly next: number; readonly places: string } | undefined;
  damage(columns: { readonly next: number; readonly places: string }): void;
}

const restError = (statusCode: number) => Object.assign(new Error('storage'), { name: 'RestError', statusCode });

/** One row with etags, a latency, and a `Date` in whole seconds by storage's own clock. */
export function fakeTable(storageClock: Clock, latencyMs: () => number = () => 10): FakeTable {
  let stored:
    { readonly etag: string; readonly columns: { readonly next: number; readonly places: string } } | undefined;
  let version = 0;
  let operations = 0;

  const table: FakeTable = {
    away: false,
    operations: () => operations,
    row: () => stored?.columns,
    damage: (columns) => {
      stored = { etag: `damage-${(version += 1)}`, columns };
    },
    seenFrom: (clock) => {
      const operation = async <T>(
        { onResponse }: Parameters<BudgetTable['createEntity']>[1],
        work: () => T,
      ): Promise<T> => {
        operations += 1;
        await clock.sleep(latencyMs() / 2);
        if (table.away) throw restError(503);
        const date = new Date(storageClock.now()).toUTCString();
        try {
          return work();
        } finally {
          await clock.sleep(latencyMs() / 2);
          onResponse({ headers: { get: (name) => (name === 'date' ? date : undefined) } });
        }
      };
      const put = (columns: { readonly next: number; readonly places: string }) => {
        version += 1;
        stored = { etag: `etag-${version}`, columns };
        return { etag: stored.etag };
      };
      return {
        createTable: async () => undefined,
        getEntity: (_partition, _row, options) =>
          operation(options, () => {
            if (stored === undefined) throw restError(404);
            return { ...stored.columns, etag: stored.etag };
          }),
        createEntity: ({ next, places }, options) =>
          operation(options, () => {
            if (stored !== undefined) throw restError(409);
            return put({ next, places });
          }),
        updateEntity: ({ next, places }, _mode, options) =>
          operation(options, () => {
            if (stored?.etag !== options.etag) throw restError(412);
            return put({ next, places });
          }),
      };
    },
  };
  return table;
}
