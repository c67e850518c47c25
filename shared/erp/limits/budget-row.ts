import { Failure } from '../../failure.ts';
import { isStorageFault, storageStatus } from '../../storage.ts';
import { withLimit } from '../../limit.ts';
import { type Clock, createStorageTime, type StorageTime } from '../http/clock.ts';
import { EMPTY, fromEntity, toEntity, type BudgetState } from './state.ts';

/** What is used of a `TableClient`. */
export interface BudgetTable {
  createTable(): Promise<void>;
  getEntity(partitionKey: string, rowKey: string, options: Watched): Promise<{ readonly etag: string }>;
  createEntity(entity: Entity, options: Watched): Promise<{ readonly etag?: string }>;
  updateEntity(
    entity: Entity,
    mode: 'Replace',
    options: Watched & { etag: string },
  ): Promise<{ readonly etag?: string }>;
}

interface Watched {
  readonly abortSignal: AbortSignal;
  readonly onResponse: (raw: { readonly headers: { get(name: string): string | undefined } }) => void;
}

interface Entity {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly next: number;
  readonly places: string;
}

export interface BudgetAddress {
  readonly partitionKey: string;
  readonly rowKey: string;
}

export interface BudgetRow {
  readonly time: StorageTime;
  /**
   * Applies a change to the newest state, again and again until nobody else wrote meanwhile. `undefined` from `change`
   * leaves the row as it is. Throws `storage.unavailable` when storage stays away for several seconds.
   */
  change<Result>(change: (state: BudgetState) => Changed<Result>): Promise<Result>;
}

export interface Changed<Result> {
  readonly result: Result;
  readonly state?: BudgetState;
}

/** Where the ERP's budget lies; other systems have theirs. */
export const NXT_BUDGET: BudgetAddress = { partitionKey: 'nxt', rowKey: 'budget' };
const CONFLICTS = 30;
const FAULTS = 5;
const FIRST_PAUSE_MS = 200;
/** A try that is not answered in time is a fault like any other. */
const TRY_MS = 4_000;

interface Seen {
  readonly state: BudgetState;
  /** null: no row yet. */
  readonly etag: string | null;
}

/** The row all instances share. */
export function createBudgetRow(
  table: BudgetTable,
  clock: Clock,
  random: () => number,
  at: BudgetAddress = NXT_BUDGET,
): BudgetRow {
  const time = createStorageTime(clock);
  /** What the row was after our own last write, and whether nobody else seems to write: then it need not be read. */
  let last: Seen | undefined;
  let alone = false;

  /** One storage operation, whose `Date` tells the time. */
  const timed = async <T>(work: (options: Watched) => Promise<T>): Promise<T> => {
    const sentAt = clock.now();
    return withLimit(TRY_MS, (abortSignal) =>
      work({
        abortSignal,
        onResponse: (raw) => {
          const date = Date.parse(raw.headers.get('date') ?? '');
          if (Number.isFinite(date)) time.observe(date, sentAt);
        },
      }),
    );
  };

  const read = async (): Promise<Seen> => {
    try {
      const entity = await timed((options) => table.getEntity(at.partitionKey, at.rowKey, options));
      alone = entity.etag === last?.etag;
      return { state: fromEntity(entity), etag: entity.etag };
    } catch (error) {
      if (storageStatus(error) !== 404) throw error;
      await table.createTable();
      return { state: EMPTY, etag: null };
    }
  };

  /** False when somebody else wrote since `seen`. */
  const write = async (state: BudgetState, { etag }: Seen): Promise<boolean> => {
    const entity = { ...at, ...toEntity(state) };
    try {
      const written = await timed((options) =>
        etag === null
          ? table.createEntity(entity, options)
          : table.updateEntity(entity, 'Replace', { ...options, etag }),
      );
      last = written.etag === undefined ? undefined : { state, etag: written.etag };
      return true;
    } catch (error) {
      if (![404, 409, 412].includes(storageStatus(error) ?? 0)) throw error;
      last = undefined;
      alone = false;
      return false;
    }
  };

  return {
    time,
    change: async (change) => {
      let conflicts = 0;
      for (let faults = 0; ;) {
        try {
          const seen = alone && last !== undefined ? last : await read();
          const { result, state } = change(seen.state);
          if (state === undefined || (await write(state, seen))) return result;
          conflicts += 1;
          if (conflicts === CONFLICTS) break;
          await clock.sleep(random() * 10 * Math.min(conflicts, 10));
        } catch (error) {
          last = undefined;
          if (!isStorageFault(error)) throw asFailure(error);
          faults += 1;
          if (faults === FAULTS) break;
          await clock.sleep(FIRST_PAUSE_MS * 2 ** faults * (0.5 + random() / 2));
        }
      }
      throw new Failure('storage.unavailable', { detail: 'the budget of requests' });
    },
  };
}

/** A refusal by storage, such as a missing role; anything else is a bug and stays what it is. */
function asFailure(error: unknown): unknown {
  const status = storageStatus(error);
  return status === null ? error : new Failure('storage.unavailable', { detail: `the budget, HTTP ${status}` });
}
