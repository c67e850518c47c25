import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEntry } from '../../audit/index.ts';
import type { FlowStatus } from '../../flow/index.ts';
import type { RecordRef } from '../../record/index.ts';
import { discard } from './discard.ts';
import { groupFailures, listFailures, readFailures, type FailedRecord, type FailureGroup } from './failures.ts';
import { listPlanned, type Planned } from './planned.ts';
import { readRecord, type RecordLife } from './record.ts';
import { replay, type Replayed } from './replay.ts';
import { etagOf, selectionText, type Selection } from './selection.ts';
import { readStatus, type Status, type StatusDeps } from './status.ts';
import { free, listWaiting, type Freed, type Waiting } from './waiting.ts';

/** Who acts and why, as the audit list keeps it. Whoever calls says who it is from a proof, never from a request. */
export interface Actor {
  readonly by: string;
  readonly reason: string;
}

/** A bulk act: on what, and only if that is still what the caller saw. */
export interface Bulk {
  readonly selection: Selection;
  readonly dryRun: boolean;
  /** Mark of the selection as it was confirmed; absent = whatever fits now. */
  readonly etag?: string;
  /** The act's name in the audit list, where it has another than its own. */
  readonly action?: string;
}

export interface ReplayRequest extends Bulk {
  /** At most so many records; absent = all. */
  readonly cap?: number;
  /** Lets held deletions pass, and lost links be made anew. */
  readonly release?: boolean;
  /** Records a second; the ERP's own limit holds besides. */
  readonly perSecond: number;
}

export interface FailureList {
  readonly groups: readonly FailureGroup[];
  readonly records: readonly FailedRecord[];
  readonly etag: string;
}

export interface ReplayAnswer {
  readonly results: readonly Replayed[];
  /** Selected and not reached, because of the cap. */
  readonly left: number;
}

/** What the caller confirmed is not what is there now: nothing was done. */
export class SelectionChanged extends Error {
  constructor() {
    super('the selection is not what it was when it was confirmed: look at it again');
  }
}

/**
 * All that people do with the sync, whoever asks: the command line, the console, a script. Reads change nothing; each
 * act is noted in the audit list before it is done. Every result is plain data that fits into JSON.
 */
export interface Operations {
  status(): Promise<Status>;
  failures(selection: Selection): Promise<FailureList>;
  waiting(selection: Selection): Promise<readonly Waiting[]>;
  planned(selection: Selection): Promise<readonly Planned[]>;
  record(ref: RecordRef): Promise<RecordLife>;
  /** The newest first. */
  audit(limit: number): Promise<readonly AuditEntry[]>;

  /** @throws SelectionChanged */
  replay(request: ReplayRequest, actor: Actor, onEach?: () => void): Promise<ReplayAnswer>;
  /** @throws SelectionChanged */
  discard(request: Bulk, actor: Actor): Promise<readonly RecordRef[]>;
  free(
    request: Pick<Bulk, 'selection' | 'dryRun'>,
    actor: Actor,
  ): Promise<readonly { readonly ref: RecordRef; readonly result: Freed | 'would-free' }[]>;
  pause(actor: Actor): Promise<FlowStatus>;
  resume(actor: Actor): Promise<FlowStatus>;
}

export function createOperations(deps: StatusDeps): Operations {
  const { sync } = deps;
  const { audit, flow } = sync;

  const confirmed = async ({ selection, etag }: Bulk): Promise<number> => {
    const rows = await listFailures(sync, selection);
    if (etag !== undefined && etag !== etagOf(rows)) throw new SelectionChanged();
    return rows.length;
  };

  const changeFlow = async (action: 'pause' | 'resume', actor: Actor): Promise<FlowStatus> => {
    await audit.during({ ...actor, action, selection: 'the sync to the ERP' }, async () => {
      await (action === 'pause' ? flow.pause(actor.by) : flow.resume());
      return { value: undefined, count: 0, results: {} };
    });
    return flow.status();
  };

  return {
    status: () => readStatus(deps),
    async failures(selection) {
      const records = await readFailures(sync, selection);
      return { groups: groupFailures(records), records, etag: etagOf(records) };
    },
    waiting: (selection) => listWaiting(sync, selection),
    planned: (selection) => listPlanned(sync, selection),
    record: (ref) => readRecord(sync, ref),
    audit: (limit) => audit.list(limit),

    async replay(request, actor, onEach = () => undefined) {
      const { selection, dryRun, cap = Infinity, release = false, perSecond, action = 'failed.replay' } = request;
      const found = await confirmed(request);
      const pace = createPace(perSecond, onEach);
      const work = () => replay(sync, selection, { dryRun, cap, release, pace });
      if (dryRun || found === 0) {
        const results = await work();
        return { results, left: found - results.length };
      }
      const intent = { ...actor, action, selection: selectionText(selection) };
      return audit.during(intent, async () => {
        const results = await work();
        return {
          value: { results, left: found - results.length },
          count: results.length,
          results: tally(results.map(({ result }) => result)),
        };
      });
    },

    async discard(request, actor) {
      const { selection, dryRun, action = 'failed.discard' } = request;
      const found = await confirmed(request);
      if (dryRun || found === 0) return discard(sync, selection, true);
      return audit.during({ ...actor, action, selection: selectionText(selection) }, async () => {
        const value = await discard(sync, selection, false);
        return { value, count: value.length, results: { discarded: value.length } };
      });
    },

    async free({ selection, dryRun }, actor) {
      const waiting = await listWaiting(sync, selection);
      if (dryRun || waiting.length === 0) return waiting.map(({ ref }) => ({ ref, result: 'would-free' as const }));
      return audit.during({ ...actor, action: 'waiting.free', selection: selectionText(selection) }, async () => {
        const value = await free(sync, waiting);
        return { value, count: value.length, results: tally(value.map(({ result }) => result)) };
      });
    },

    pause: (actor) => changeFlow('pause', actor),
    resume: (actor) => changeFlow('resume', actor),
  };
}

/** Waits so that calls come at most so often. */
function createPace(perSecond: number, onEach: () => void): () => Promise<void> {
  let nextAt = performance.now();
  return async () => {
    onEach();
    nextAt = Math.max(performance.now(), nextAt + 1000 / perSecond);
    const wait = nextAt - performance.now();
    if (wait > 0) await delay(wait);
  };
}

/** How many of each. */
export function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
