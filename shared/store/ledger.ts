import { randomUUID } from 'node:crypto';
import type { AssociateNo, CrmId, RecordRef } from '../record/index.ts';
import {
  claimAddress,
  outboxAddress,
  failedAddress,
  fieldsAddress,
  pendingAddress,
  recordOfText,
  refText,
  refusedAddress,
  refusedOf,
  SHARDS,
  stateAddress,
  waitAddress,
  waitOf,
  type Wait,
} from './keys.ts';
import { outboxColumns, fromOutbox, toOutbox } from './outbox-row.ts';
import { failedColumns, fromFailed, toFailed } from './failed-row.ts';
import { fieldsColumns, fromFields } from './way-back-row.ts';
import { fromMoves, fromPending, pendingColumns, toPending } from './pending-row.ts';
import { fromState, toState } from './state-row.ts';
import type { Entity } from './row.ts';
import { emptyState, type StateRow } from './state-row.ts';
import type { OutboxKind, OutboxRow } from './outbox-row.ts';
import type { FailedRow } from './failed-row.ts';
import type { PendingMoves, PendingRow } from './pending-row.ts';
import type { Stored, UnreadableRow } from './row.ts';
import { listed, readable, ROW_KEY_PREFIX, type Listed, type ListedKind, type ListedState } from './listed.ts';
import type { Conflict, Etag, Rows, Step } from './table.ts';

export interface RecordRows {
  readonly pending: Stored<PendingRow> | null;
  readonly state: Stored<StateRow> | null;
}

/** What a save of the state brings with it, all or nothing. */
export interface SaveWith {
  readonly owed?: readonly OutboxKind[];
  readonly failed?: FailedRow | 'none';
  /** Moves the pending row; a conflict if it is no longer this one. */
  readonly pending?: { readonly at: Stored<PendingRow>; readonly to: PendingMoves };
  /** Deletes the pending row, which has been applied; a conflict if it is no longer this one. */
  readonly applied?: Stored<PendingRow>;
  /** What was applied stays all the same, settled: a person is to see what the CRM said. */
  readonly keptAs?: PendingMoves;
}

/**
 * Rows of the records: pending state, known state, and what is owed. Every method is one storage operation unless it
 * says otherwise; refusals by etag come back as `'conflict'`, storage faults are thrown.
 */
export interface Ledger {
  /** Two reads. */
  read(ref: RecordRef): Promise<RecordRows>;
  readPending(ref: RecordRef): Promise<Stored<PendingRow> | null>;
  readState(ref: RecordRef): Promise<Stored<StateRow> | null>;
  readFailed(ref: RecordRef): Promise<Stored<FailedRow> | null>;
  /** Writes the newest state over the one that was read, or as the first. */
  writePending(row: PendingRow, over: Pick<Stored<PendingRow>, 'etag'> | null): Promise<Etag | Conflict>;
  /** Moves times and status; leaves the values alone. */
  movePending(at: Stored<PendingRow>, to: PendingMoves): Promise<Stored<PendingRow> | Conflict>;
  removePending(at: Stored<PendingRow>): Promise<'done' | Conflict>;
  /** The stored body of a pending row that cannot be read as a whole; `''` when there is none. */
  unreadableBody(row: UnreadableRow): Promise<string>;
  /** Deletes a row that nobody can read, unless it was written meanwhile. */
  removeUnreadable(row: UnreadableRow): Promise<'done' | Conflict>;
  /** Creates or replaces the state, alone. An own write whose answer was lost is no conflict (one more read then). */
  writeState(row: StateRow, over: Stored<StateRow> | null): Promise<Stored<StateRow> | Conflict>;
  /** The state with what belongs to it. One more read gives the new etag when `pending` was saved too. */
  save(row: StateRow, over: Stored<StateRow>, also: SaveWith): Promise<'done' | Conflict>;
  /** Lists a failure without touching the state, for messages that never got a lease. */
  writeFailed(row: FailedRow): Promise<void>;
  moveFailed(
    at: Stored<FailedRow>,
    to: Partial<Pick<FailedRow, 'pointerId' | 'pointerReceipt' | 'replayedAt'>>,
  ): Promise<'done' | Conflict>;
  removeFailed(ref: RecordRef): Promise<void>;

  insertWait(customer: RecordRef, contact: RecordRef): Promise<void>;
  removeWait(customer: RecordRef, contact: RecordRef): Promise<void>;
  waitingFor(customer: RecordRef): Promise<readonly CrmId[]>;
  /** Contacts that wait for customers of one shard. */
  listWaits(shard: string): AsyncIterable<Wait>;

  /** Notes that the record was refused a row because `holder` has it, so that it is tried again when that one is gone. */
  insertRefused(holder: RecordRef, record: RecordRef): Promise<void>;
  removeRefused(holder: RecordRef, record: RecordRef): Promise<void>;
  refusedFor(holder: RecordRef): Promise<readonly RecordRef[]>;
  /** Records that were refused rows of holders in one shard. */
  listRefused(shard: string): AsyncIterable<Wait>;

  /** Notes what is owed without touching the state; what is owed already is owed anew. */
  owe(ref: RecordRef, what: OutboxKind): Promise<void>;
  /** With `at`: only if the entry is still this one. */
  removeOwed(ref: RecordRef, what: OutboxKind, at?: Stored<OutboxRow>): Promise<'done' | Conflict>;
  readOwed(ref: RecordRef, what: OutboxKind): Promise<Stored<OutboxRow> | null>;
  moveOwed(
    at: Stored<OutboxRow>,
    to: Partial<Pick<OutboxRow, 'dueAt' | 'attempts' | 'listed'>>,
  ): Promise<'done' | Conflict>;

  /** True when the row is this record's now (or was already). */
  claimAssociate(no: AssociateNo, ref: RecordRef, mayTakeFrom?: MayTakeFrom): Promise<boolean>;
  /** The same for a row that the record had before: afterwards nobody else can have taken it from here. */
  reclaimAssociate(no: AssociateNo, ref: RecordRef): Promise<boolean>;
  /** Which record holds the row, as `customer|C-1`; null when none. */
  holderOf(no: AssociateNo): Promise<string | null>;
  releaseAssociate(no: AssociateNo, ref: RecordRef): Promise<void>;
  /** A lease on a piece of text, such as a hashed organisation number; null while it is another's. */
  claimUntil(what: string, holder: string, until: string, now: string): Promise<Claim | null>;
  /** Unless another has it by now. */
  releaseClaim(claim: Claim): Promise<void>;

  /** Outbox entries, failures and pending rows of one shard, in key order: one range query per thousand rows. */
  list(shard: string, kinds?: readonly ListedKind[]): AsyncIterable<Listed>;
  /** Pending rows of one shard with their values: for a search that a person asked for, and nothing else. */
  listValues(shard: string): AsyncIterable<Listed>;
  removeState(at: Stored<StateRow>): Promise<'done' | Conflict>;
  /** States of one shard: for retention and for the daily look at everything. */
  listStates(shard: string): AsyncIterable<ListedState>;
  readonly shards: readonly string[];
}

/** What is ours for a time, as we wrote it. */
export interface Claim {
  readonly what: string;
  readonly etag: string;
}

/** Whether a row may be taken from the record that holds it, `customer|C-1`: the CRM deleted or merged that one. */
export type MayTakeFrom = (holder: string) => Promise<boolean>;

/** What is owed is sent at once by whoever saved it; the sweep takes over after this. */
const OUTBOX_GRACE_MS = 30_000;

const claimHolder = (entity: { etag: string; holder?: unknown; until?: unknown }) => ({
  etag: entity.etag,
  row: { holder: String(entity.holder), until: String(entity.until) },
});

export function createLedger(rows: Rows, clock: () => number): Ledger {
  const writeState: Ledger['writeState'] = async (row, over) => {
    const at = stateAddress(row.ref);
    const saved: StateRow = { ...row, saveId: randomUUID() };
    const entity = fromState(saved);
    // Merged: columns that a newer version wrote, while both run, are not this one's to take away.
    const etag = over === null ? await rows.insert(at, entity) : await rows.merge(at, entity, over.etag);
    if (etag !== 'conflict') return { row: saved, etag };
    const now = await rows.get(at, toState);
    return now?.row.saveId === saved.saveId ? now : 'conflict';
  };

  const owing = (ref: RecordRef, what: OutboxKind, { wakes, numbers }: Pick<OutboxRow, 'wakes' | 'numbers'>): Step => {
    const time = (milliseconds: number): string => new Date(milliseconds).toISOString();
    const [dueAt, since] = [time(clock() + OUTBOX_GRACE_MS), time(clock())];
    return {
      do: 'put-merge',
      at: outboxAddress(what, ref),
      // A wake that lies in the entry already is still owed.
      row: fromOutbox({ ref, what, dueAt, attempts: 0, since, numbers, ...(wakes && { wakes }) }),
    };
  };

  return {
    shards: SHARDS,
    async read(ref) {
      const [pending, state] = await Promise.all([
        rows.get(pendingAddress(ref), toPending),
        rows.get(stateAddress(ref), toState),
      ]);
      return { pending, state };
    },
    readPending: (ref) => rows.get(pendingAddress(ref), toPending),
    readState: (ref) => rows.get(stateAddress(ref), toState),
    readFailed: (ref) => rows.get(failedAddress(ref), toFailed),

    async writePending(row, over) {
      const at = pendingAddress(row.ref);
      const entity = fromPending(row);
      const etag = over === null ? await rows.insert(at, entity) : await rows.replace(at, entity, over.etag);
      if (etag !== 'conflict') return etag;
      // Its mark alone: another's row may be one that cannot be read.
      const now = await rows.get(at, (found) => ({ etag: found.etag, row: found['revision'] }));
      return now?.row === row.revision ? (now.etag as Etag) : 'conflict';
    },
    async movePending(at, to) {
      const etag = await rows.merge(pendingAddress(at.row.ref), fromMoves(to), at.etag);
      return etag === 'conflict' ? 'conflict' : { row: { ...at.row, ...to }, etag };
    },
    removePending: (at) => rows.remove(pendingAddress(at.row.ref), at.etag),
    async unreadableBody({ partitionKey, rowKey }) {
      const bodyOf = ({ etag, body }: Entity): Stored<string> => ({ etag, row: typeof body === 'string' ? body : '' });
      return (await rows.get({ partitionKey, rowKey }, bodyOf))?.row ?? '';
    },
    removeUnreadable: ({ partitionKey, rowKey, etag }) => rows.remove({ partitionKey, rowKey }, etag),

    writeState,
    async save(row, over, { owed = [], failed, pending, applied, keptAs }) {
      const saved: StateRow = {
        ...row,
        saveId: randomUUID(),
        failed: failed === undefined ? row.failed : failed !== 'none',
      };
      const steps: Step[] = [{ do: 'merge', at: stateAddress(row.ref), row: fromState(saved), etag: over.etag }];
      steps.push(...listing(row, over.row));
      const wakes = owed.includes('wake') && owed.includes('writeback');
      for (const what of wakes ? owed.filter((each) => each !== 'wake') : owed) {
        const numbers = what === 'writeback' ? numbersOf(row) : null;
        steps.push(owing(row.ref, what, { wakes: wakes && what === 'writeback', numbers }));
      }
      if (failed && failed !== 'none') {
        steps.push({ do: 'put', at: failedAddress(row.ref), row: fromFailed(failed) });
      }
      if (pending) {
        steps.push({ do: 'merge', at: pendingAddress(row.ref), row: fromMoves(pending.to), etag: pending.at.etag });
      }
      if (applied) {
        const [at, { etag }] = [pendingAddress(row.ref), applied];
        steps.push(keptAs ? { do: 'merge', at, row: fromMoves(keptAs), etag } : { do: 'delete', at, etag });
      }
      const offList: readonly Step[] =
        failed === 'none' && over.row.failed ? [{ do: 'delete', at: failedAddress(row.ref) }] : [];
      if ((await rows.save([...steps, ...offList])) === 'done') return 'done';
      const current = await rows.get(stateAddress(row.ref), toState);
      if (current?.row.saveId === saved.saveId) return 'done';
      // A person may have taken the failure off the list meanwhile: then there is none to delete.
      return current?.etag === over.etag && offList.length > 0 ? rows.save(steps) : 'conflict';
    },
    async writeFailed(row) {
      await rows.save([{ do: 'put', at: failedAddress(row.ref), row: fromFailed(row) }]);
    },
    async moveFailed(at, to) {
      const done = await rows.merge(failedAddress(at.row.ref), to, at.etag);
      return done === 'conflict' ? 'conflict' : 'done';
    },
    async removeFailed(ref) {
      await rows.remove(failedAddress(ref));
    },

    async insertWait(customer, contact) {
      await rows.insert(waitAddress(customer, contact), {});
    },
    async removeWait(customer, contact) {
      await rows.remove(waitAddress(customer, contact));
    },
    async waitingFor(customer) {
      const { partitionKey, rowKey } = waitAddress(customer, { kind: 'contact', crmId: '' as CrmId });
      const found: CrmId[] = [];
      for await (const { rowKey: key = '' } of rows.range(partitionKey, rowKey, `${rowKey}~`, { select: [] })) {
        found.push(key.slice(rowKey.length) as CrmId);
      }
      return found;
    },

    async *listWaits(shard) {
      for await (const { rowKey = '' } of rows.range(shard, 'wait|', 'wait|~', { select: [] })) yield waitOf(rowKey);
    },

    async insertRefused(holder, record) {
      await rows.insert(refusedAddress(holder, record), {});
    },
    async removeRefused(holder, record) {
      await rows.remove(refusedAddress(holder, record));
    },
    async refusedFor(holder) {
      const { partitionKey, rowKey } = refusedAddress(holder, null);
      const found: RecordRef[] = [];
      for await (const { rowKey: key = '' } of rows.range(partitionKey, rowKey, `${rowKey}~`, { select: [] })) {
        found.push(recordOfText(key.slice(rowKey.length)));
      }
      return found;
    },

    async *listRefused(shard) {
      for await (const { rowKey = '' } of rows.range(shard, 'refused|', 'refused|~', { select: [] })) {
        yield refusedOf(rowKey);
      }
    },

    async owe(ref, what) {
      await rows.save([owing(ref, what, { wakes: false, numbers: null })]);
    },
    removeOwed: (ref, what, at) => rows.remove(outboxAddress(what, ref), at?.etag),
    readOwed: (ref, what) => rows.get(outboxAddress(what, ref), toOutbox),
    async moveOwed(at, to) {
      const done = await rows.merge(outboxAddress(at.row.what, at.row.ref), to, at.etag);
      return done === 'conflict' ? 'conflict' : 'done';
    },

    async claimAssociate(no, ref, mayTakeFrom = async () => false) {
      const at = claimAddress(`associate|${no}`);
      const holder = refText(ref);
      if ((await rows.insert(at, { holder, until: '' })) !== 'conflict') return true;
      // Read before its holder is looked at: one that comes back meanwhile has written here, and keeps the row.
      const current = await rows.get(at, claimHolder);
      if (current === null) return false;
      if (current.row.holder === holder) return true;
      if (!(await mayTakeFrom(current.row.holder))) return false;
      return (await rows.replace(at, { holder, until: '' }, current.etag)) !== 'conflict';
    },
    async reclaimAssociate(no, ref) {
      const at = claimAddress(`associate|${no}`);
      const holder = refText(ref);
      for (let tries = 0; tries < 3; tries += 1) {
        const current = await rows.get(at, claimHolder);
        if (current === null) return (await rows.insert(at, { holder, until: '' })) !== 'conflict';
        if (current.row.holder !== holder) return false;
        if ((await rows.replace(at, { holder, until: '' }, current.etag)) !== 'conflict') return true;
      }
      return false;
    },
    async holderOf(no) {
      return (await rows.get(claimAddress(`associate|${no}`), claimHolder))?.row.holder ?? null;
    },
    async releaseAssociate(no, ref) {
      await removeClaim(rows, `associate|${no}`, refText(ref));
    },
    async claimUntil(what, holder, until, now) {
      const at = claimAddress(what);
      const first = await rows.insert(at, { holder, until });
      if (first !== 'conflict') return { what, etag: first };
      const current = await rows.get(at, claimHolder);
      if (current === null || (current.row.holder !== holder && current.row.until > now)) return null;
      const etag = await rows.replace(at, { holder, until }, current.etag);
      return etag === 'conflict' ? null : { what, etag };
    },
    async releaseClaim({ what, etag }) {
      await rows.remove(claimAddress(what), etag);
    },

    async *list(shard, kinds = ['outbox', 'failed', 'pending']) {
      const prefixes = kinds.map((kind) => ROW_KEY_PREFIX[kind]).sort();
      const [first = '', last = first] = [prefixes[0], prefixes.at(-1)];
      // The values stay in the table: a list never needs them.
      const select = [outboxColumns, failedColumns, fieldsColumns, pendingColumns]
        .flatMap((columns) => Object.keys(columns.shape))
        .filter((column) => column !== 'body');
      for await (const entity of rows.range(shard, first, `${last}~`, {
        select: [...new Set([...select, 'Timestamp'])],
      })) {
        const is = kinds.find((kind) => entity.rowKey?.startsWith(ROW_KEY_PREFIX[kind]));
        if (is) yield readable(() => listed(is, entity));
      }
    },
    async *listValues(shard) {
      for await (const entity of rows.range(shard, 'pending|', 'pending|~')) {
        yield readable(() => listed('pending', entity));
      }
    },
    removeState: (at) => rows.remove(stateAddress(at.row.ref), at.etag),
    async *listStates(shard) {
      for await (const entity of rows.range(shard, 'state|', 'state|~')) {
        yield readable(() => ({ is: 'state', ...toState(entity) }));
      }
    },
  };
}

const numbersOf = ({ associateNo, customerNo, parentNo }: StateRow) => ({ associateNo, customerNo, parentNo });

/** The lists' own row of the fields that are open; only a save changes them, so that the two say the same. */
function listing({ ref, wayBack: { open } }: StateRow, before: StateRow): readonly Step[] {
  const [now, then] = [open, before.wayBack.open].map((each) => Object.keys(each).length);
  const at = fieldsAddress(ref);
  if (now === 0) return then === 0 ? [] : [{ do: 'delete', at }];
  const isSame = JSON.stringify(open) === JSON.stringify(before.wayBack.open);
  return isSame ? [] : [{ do: 'put', at, row: fromFields({ ref, open }) }];
}

async function removeClaim(rows: Rows, what: string, holder: string): Promise<void> {
  const at = claimAddress(what);
  const current = await rows.get(at, claimHolder);
  if (current?.row.holder === holder) await rows.remove(at, current.etag);
}

export { emptyState };
