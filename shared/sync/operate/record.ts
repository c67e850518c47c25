import type { RecordRef } from '../../record/index.ts';
import {
  isOpen,
  UnreadableRow,
  type OutboxKind,
  type FailedRow,
  type PendingRow,
  type StateRow,
} from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';

const OUTBOX_KINDS: readonly OutboxKind[] = ['wake', 'writeback', 'poison'];

/** Above this no counter of a CRM gets by itself: a version was a mistake, and everything later is older than it. */
const HIGHEST_CREDIBLE_VERSION = 2 ** 52;

export type RecordStands =
  'in-sync' | 'on-its-way' | 'waiting' | 'planned' | 'needs-a-person' | 'deleted' | 'unreadable' | 'never-seen';

/** One step of a record's life. */
export interface RecordEvent {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly what:
    | 'received'
    | 'waits-for-customer'
    | 'tried'
    | 'next-try'
    | 'failed'
    | 'failed-again'
    | 'replayed'
    | 'written'
    | 'deleted'
    | 'numbers-owed'
    | 'write-in-doubt';
  /** A failure's code, or a word more about it. */
  readonly detail: string;
}

/** Everything known of a record but its values. */
export interface RecordLife {
  readonly ref: RecordRef;
  readonly stands: RecordStands;
  readonly link: {
    readonly associateNo: number;
    readonly customerNo: number | null;
    readonly parentNo: number | null;
    readonly createdHere: boolean;
  } | null;
  readonly failure: FailedRow | null;
  readonly pending: Omit<PendingRow, 'body' | 'ref'> | null;
  readonly state: Omit<StateRow, 'ref' | 'hashes'> | null;
  /** Names of the fields last applied. */
  readonly fields: readonly string[];
  readonly owed: readonly OutboxKind[];
  readonly timeline: readonly RecordEvent[];
  /** Its version is so high that nothing the CRM sends from now on is newer. */
  readonly stuckBehindVersion: number | null;
}

/** At most six reads. Values are not among what it gives: they are one column of one row, and stay there. */
export async function readRecord({ ledger }: Pick<SyncDeps, 'ledger'>, ref: RecordRef): Promise<RecordLife> {
  try {
    const [{ pending, state }, failed, entries] = await Promise.all([
      ledger.read(ref),
      ledger.readFailed(ref),
      Promise.all(OUTBOX_KINDS.map((what) => ledger.readOwed(ref, what))),
    ]);
    const owed = entries.flatMap((entry) => (entry ? [entry.row] : []));
    return describe(ref, pending?.row ?? null, state?.row ?? null, failed?.row ?? null, owed);
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    return { ...describe(ref, null, null, null, []), stands: 'unreadable' };
  }
}

function describe(
  ref: RecordRef,
  pending: PendingRow | null,
  state: StateRow | null,
  failure: FailedRow | null,
  owed: readonly { readonly what: OutboxKind; readonly since: string }[],
): RecordLife {
  const version = state?.applied?.version ?? null;
  return {
    ref,
    stands: stands(pending, state, failure),
    link:
      !state || state.associateNo === null
        ? null
        : {
            associateNo: state.associateNo,
            customerNo: state.customerNo,
            parentNo: state.parentNo,
            createdHere: state.createdHere,
          },
    failure,
    pending: pending && withoutValues(pending),
    state: state && withoutHashes(state),
    fields: Object.keys(state?.hashes ?? {}),
    owed: owed.map(({ what }) => what),
    timeline: timeline(pending, state, failure, owed),
    stuckBehindVersion: version !== null && version > HIGHEST_CREDIBLE_VERSION ? version : null,
  };
}

function stands(pending: PendingRow | null, state: StateRow | null, failure: FailedRow | null): RecordStands {
  if (failure && failure.replayedAt === '') return 'needs-a-person';
  if (pending?.status === 'planned') return 'planned';
  if (pending) return pending.status === 'waiting' || pending.waitingSince !== '' ? 'waiting' : 'on-its-way';
  if (!state?.applied) return state === null ? 'never-seen' : 'on-its-way';
  return state.deletedAt === '' ? 'in-sync' : 'deleted';
}

function timeline(
  pending: PendingRow | null,
  state: StateRow | null,
  failure: FailedRow | null,
  owed: readonly { readonly what: OutboxKind; readonly since: string }[],
): readonly RecordEvent[] {
  const events: RecordEvent[] = [];
  const add = (at: string | undefined, what: RecordEvent['what'], detail = ''): void => {
    if (at !== undefined && at !== '') events.push({ at, what, detail });
  };
  add(state?.lastWriteAt, 'written', state?.applied?.eventId);
  add(state?.deletedAt, 'deleted');
  add(state?.intent?.at, 'write-in-doubt', state?.intent?.kind);
  add(pending?.receivedAt, 'received', pending?.key.eventId);
  add(pending?.waitingSince, 'waits-for-customer');
  add(failure?.since, 'failed', failure?.code);
  if (failure && failure.lastAt !== failure.since) add(failure.lastAt, 'failed-again', failure.code);
  add(failure?.replayedAt, 'replayed');
  if (pending && isOpen(pending)) add(pending.notBefore, 'next-try');
  for (const { what, since } of owed) if (what === 'writeback') add(since, 'numbers-owed');
  return events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function withoutValues({ ref: _ref, body: _body, ...rest }: PendingRow): Omit<PendingRow, 'body' | 'ref'> {
  return rest;
}

function withoutHashes({ ref: _ref, hashes: _hashes, ...rest }: StateRow): Omit<StateRow, 'ref' | 'hashes'> {
  return rest;
}
