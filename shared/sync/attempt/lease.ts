import { randomUUID } from 'node:crypto';
import type { RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import {
  emptyFailed,
  emptyState,
  type OutboxKind,
  type FailedRow,
  type Intent,
  type PendingMoves,
  type PendingRow,
  type StateRow,
  type Stored,
} from '../../store/index.ts';
import { sendOwed } from '../upkeep/outbox.ts';
import { iso, type SyncDeps } from '../deps.ts';

/** What happened to a save at the end of a lease. */
export type Ending =
  | 'saved'
  /** A newer state came in meanwhile: the lease is over, the pending row is as intake left it. */
  | 'newer-state'
  /** The lease ran out and another has the record; what had to be kept is kept. */
  | 'lost';

export interface EndWith {
  readonly owed?: readonly OutboxKind[];
  readonly failed?: FailedRow | 'none';
  readonly pending?: { readonly at: Stored<PendingRow>; readonly to: PendingMoves };
  /** The pending row that was applied, and goes. */
  readonly applied?: Stored<PendingRow>;
  /** It stays, settled. */
  readonly keptAs?: PendingMoves;
}

type Link = Pick<StateRow, 'associateNo' | 'customerNo' | 'createdHere' | 'linkIsNew'>;

/** Names of leases that storage would not let this process end: they run out, and nobody has died. */
const unended = new WeakMap<SyncDeps['ledger'], Set<string>>();
function survivors(ledger: SyncDeps['ledger']): Set<string> {
  const names = unended.get(ledger) ?? new Set<string>();
  unended.set(ledger, names);
  return names;
}
/** More are not remembered: by then storage has been away for long, and records wait anyway. */
const MOST_SURVIVORS = 10_000;

/**
 * The right to work on one record, fenced by an epoch that each holder raises. All writes to the state go through it,
 * each over the one before.
 */
export class Lease {
  readonly #deps: SyncDeps;
  #state: Stored<StateRow>;
  #staged: Partial<StateRow> = {};
  #isOver = false;

  private constructor(deps: SyncDeps, state: Stored<StateRow>) {
    this.#deps = deps;
    this.#state = state;
  }

  /** The lease, or until when another holds it. */
  static async acquire(
    deps: SyncDeps,
    ref: RecordRef,
    known: Stored<StateRow> | null,
  ): Promise<Lease | { until: string }> {
    const { ledger, settings, now } = deps;
    const row = known?.row ?? emptyState(ref);
    if (row.leaseUntil > iso(now())) return { until: row.leaseUntil };
    const until = iso(now() + settings.LEASE_SECONDS * 1000);
    const next = {
      ...row,
      leaseOwner: randomUUID(),
      leaseUntil: until,
      leaseEpoch: row.leaseEpoch + 1,
      // Whoever ends a lease takes the owner's name away: one that is still there died, or is about to find itself late.
      crashes: row.leaseOwner === '' ? 0 : row.crashes + (survivors(ledger).delete(row.leaseOwner) ? 0 : 1),
    };
    const state = await ledger.writeState(next, known);
    return state === 'conflict' ? { until } : new Lease(deps, state);
  }

  /** What is known now, staged changes included. */
  get state(): StateRow {
    return { ...this.#state.row, ...this.#staged };
  }

  /** Changes that the next save takes along, whichever it is: a link that was made, a doubt that is over. */
  stage(changes: Partial<StateRow>): void {
    this.#staged = { ...this.#staged, ...changes };
  }

  get hasStaged(): boolean {
    return Object.keys(this.#staged).length > 0;
  }

  /** It has ended: nothing may be saved through it any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Storage does not let it end: it will run out, and its next holder shall not take that for a death. */
  abandon(): void {
    const names = survivors(this.#deps.ledger);
    if (names.size < MOST_SURVIVORS) names.add(this.#state.row.leaseOwner);
  }

  /**
   * Saves that a write is about to leave, and renews the lease so that it outlasts the request. False when the lease
   * is gone, or when a former holder has saved a link meanwhile: then the write must not be sent.
   */
  async intend(kind: Intent, revision: string): Promise<boolean> {
    const { settings, now } = this.#deps;
    const leaseUntil = iso(now() + (settings.LEASE_SECONDS + settings.NXT_TIMEOUT_SECONDS) * 1000);
    const next = { ...this.state, leaseUntil, intent: { kind, at: iso(now()), revision } };
    const saved = await this.#deps.ledger.writeState(next, this.#state);
    return saved !== 'conflict' && this.#took(saved);
  }

  /** Saves in the middle of the work, keeping the lease; false when it is gone. */
  async keep(changes: Partial<StateRow>): Promise<boolean> {
    let next: StateRow = { ...this.state, ...changes };
    for (let tries = 0; tries < 3; tries += 1) {
      const saved = await this.#deps.ledger.writeState(next, this.#state);
      if (saved !== 'conflict') return this.#took(saved);
      const current = await this.#deps.ledger.readState(next.ref);
      if (current?.row.leaseEpoch !== this.state.leaseEpoch) return false;
      next = { ...next, ...this.#merge(next, current) };
    }
    return false;
  }

  /** The same with what belongs to it, all or nothing; false when the lease is gone or the pending row has changed. */
  async keepWith(also: EndWith): Promise<boolean> {
    const { ledger } = this.#deps;
    const { ref, leaseEpoch } = this.state;
    if ((await ledger.save(this.state, this.#state, also)) === 'conflict') return false;
    const saved = await ledger.readState(ref);
    return saved?.row.leaseEpoch === leaseEpoch && this.#took(saved);
  }

  #took(saved: Stored<StateRow>): true {
    this.#state = saved;
    this.#staged = {};
    return true;
  }

  /** A former holder has saved the link it had made: it is ours now. @throws Failure when we made another. */
  #merge(mine: Link, current: Stored<StateRow>): Link {
    this.#state = current;
    const link = mergedLink(mine, current.row);
    if (link) return link;
    this.stage(linkOf(current.row));
    throw new Failure('match.conflict', { candidates: candidatesOf(mine, current.row) });
  }

  /** Ends the lease with a last save of the state and what belongs to it. */
  async end(changes: Partial<StateRow>, also: EndWith = {}): Promise<Ending> {
    const { ledger } = this.#deps;
    let row: StateRow = { ...this.state, ...changes, leaseOwner: '', leaseUntil: '', crashes: 0 };
    let with_ = also;
    let ending: Ending = 'saved';
    for (let tries = 0; tries < 5; tries += 1) {
      if ((await ledger.save(row, this.#state, with_)) === 'done') {
        this.#isOver = true;
        return ending;
      }
      const current = await ledger.readState(row.ref);
      if (current?.row.leaseEpoch !== this.state.leaseEpoch) {
        await this.#keepLink({ ...row, linkIsNew: this.state.linkIsNew });
        this.#isOver = true;
        return 'lost';
      }
      if (current.etag === this.#state.etag && (with_.pending || with_.applied)) {
        // Only the pending row has changed. What was found out about the old one no longer counts; what was applied does.
        const { owed, failed } = with_;
        with_ = with_.applied ? { ...(owed && { owed }), ...(failed && { failed }) } : {};
        ending = 'newer-state';
      }
      row = { ...row, ...this.#merge(row, current) };
    }
    throw new Failure('storage.unavailable', { detail: 'state row contended' });
  }

  /** A link that was made must not be forgotten, whoever holds the lease now; a second one is for a person. */
  async #keepLink(mine: StateRow): Promise<void> {
    const { ledger } = this.#deps;
    while (mine.associateNo !== null) {
      const current = await ledger.readState(mine.ref);
      if (current === null || current.row.associateNo === mine.associateNo) return;
      const link = mergedLink(mine, current.row);
      if (!link) return this.#listSplit(mine, current.row);
      if ((await ledger.writeState({ ...current.row, ...link }, current)) !== 'conflict') return;
    }
  }

  /** The lease is another's, so that the state cannot say it: the list of failures can. */
  async #listSplit(mine: StateRow, theirs: StateRow): Promise<void> {
    const time = iso(this.#deps.now());
    const candidates = candidatesOf(mine, theirs);
    await this.#deps.ledger.writeFailed({
      ...emptyFailed,
      ref: mine.ref,
      code: 'match.conflict',
      candidates,
      since: time,
      lastAt: time,
    });
    await sendOwed(this.#deps, mine.ref, ['poison']);
  }
}

const linkOf = ({ associateNo, customerNo, createdHere, linkIsNew }: Link): Link => ({
  associateNo,
  customerNo,
  createdHere,
  linkIsNew,
});

/** Two holders' links become one; null when they are two different ones. */
function mergedLink(mine: Link, theirs: Link): Link | null {
  const isSplit = mine.associateNo !== null && theirs.associateNo !== null && mine.associateNo !== theirs.associateNo;
  return isSplit ? null : linkOf(mine.associateNo === null ? theirs : mine);
}

const candidatesOf = (...links: readonly Link[]): number[] =>
  links.flatMap(({ associateNo }) => (associateNo === null ? [] : [associateNo]));
