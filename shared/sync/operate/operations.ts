import { setTimeout as delay } from 'node:timers/promises';
import type { CrmApi } from '../../crm/index.ts';
import type { AuditEntry } from '../../audit/index.ts';
import type { FlowStatus } from '../../flow/index.ts';
import { iso, type Kept } from '../../store/index.ts';
import type { AssociateNo, RecordRef } from '../../record/index.ts';
import { unlink } from '../attempt/relink.ts';
import type { Actor } from './actor.ts';
import { bothSides, type BothSides } from './both-sides.ts';
import { discard } from './discard.ts';
import { link } from './link.ts';
import { find, type Found } from './find.ts';
import { groupFailures, listFailures, readFailures, type FailedRecord, type FailureGroup } from './failures.ts';
import { readNotes, writeNote, type Note } from './notes.ts';
import { applyPlanned, listPlanned, type AppliedPlan, type PlannedList } from './planned.ts';
import { plansOf, type RecordPlan } from './plans.ts';
import { listOpenFields } from './open-fields.ts';
import type { OpenFields } from './open-fields-of.ts';
import { compare } from './compare.ts';
import { readDifferences, type Differences } from './differences.ts';
import type { ReconcileLine } from './reconcile.ts';
import { takeOff } from './settled-differences.ts';
import { createSettling, type Settle } from './settling.ts';
import { readRecord, type RecordLife } from './record.ts';
import { replay, type Replayed } from './replay.ts';
import { SelectionChanged } from './selection-changed.ts';
import { etagOf, recordText, selectionText, type Selection } from './selection.ts';
import { tally } from './tally.ts';
import { readStatus, type Status, type StatusDeps } from './status.ts';
import { free, listWaiting, type Freed, type Waiting } from './waiting.ts';

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
  /** Says that each is a record of its own, whatever rows look like it: a row is made for it. */
  readonly create?: boolean;
  /** Records a second; the ERP's own limit holds besides. */
  readonly perSecond: number;
}

export interface FailureList {
  readonly groups: readonly FailureGroup[];
  readonly records: readonly FailedRecord[];
  /** Records of which only fields wait. */
  readonly fields: readonly OpenFields[];
  readonly etag: string;
}

export interface ReplayAnswer {
  readonly results: readonly Replayed[];
  /** Selected and not reached, because of the cap. */
  readonly left: number;
}

/**
 * All that people do with the sync, whoever asks: the command line, the console, a script. Reads change nothing; each
 * act is noted in the audit list before it is done. Every result is plain data that fits into JSON.
 */
export interface Operations extends Settle {
  status(): Promise<Status>;
  failures(selection: Selection): Promise<FailureList>;
  waiting(selection: Selection): Promise<readonly Waiting[]>;
  planned(selection: Selection): Promise<PlannedList>;
  /**
   * What would become of these planned changes, decided now: the first fifty of them. With somebody to show them to,
   * values are in the clear, and it is noted before they are read; else they are masked.
   */
  plans(refs: readonly RecordRef[], shownTo?: Actor): Promise<readonly RecordPlan[]>;
  record(ref: RecordRef): Promise<RecordLife>;
  /** By an id of the CRM, or a number or name in the ERP, looked up now; noted without what was looked for. */
  find(text: string, actor: Actor): Promise<Found>;
  /** What both sides hold of these records, in the clear; each is noted with the reason before it is read. */
  values(refs: readonly RecordRef[], actor: Actor): Promise<readonly BothSides[]>;
  notes(): Promise<readonly Note[]>;
  /** Says that somebody looks into a cause; an empty text takes the note away. */
  note(code: string, text: string, actor: Actor): Promise<void>;
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
  /** Has planned changes written, plan mode or not. @throws SelectionChanged */
  applyPlanned(
    request: Bulk,
    actor: Actor,
  ): Promise<readonly { readonly ref: RecordRef; readonly result: AppliedPlan }[]>;
  /** This record is that row of the ERP; the values of the CRM's waiting change win, but in the fields that are kept. @throws Failure why it is refused, or what stands in the way just now */
  link(ref: RecordRef, associateNo: AssociateNo, actor: Actor, keepsErp?: Kept): Promise<void>;
  /** The record's row is not its own. @throws Failure what stands in the way just now */
  unlink(ref: RecordRef, actor: Actor): Promise<void>;
  /** Fields that wait for a person, or for leave to be written to the CRM. */
  openFields(selection: Selection): Promise<readonly OpenFields[]>;
  /** Holds both systems against each other, whole; `onPage` is told of every page that was read. @throws Failure what stands in the way just now */
  reconcile(actor: Actor, onPage?: () => void): Promise<readonly ReconcileLine[]>;
  /** What the last comparison found, less what was settled since; null before the first. */
  differences(): Promise<Differences | null>;
  pause(actor: Actor): Promise<FlowStatus>;
  resume(actor: Actor): Promise<FlowStatus>;
}

export interface OperateDeps extends StatusDeps {
  readonly crm: Pick<CrmApi, 'listRecords' | 'readRecord'> | null;
}

export function createOperations(deps: OperateDeps): Operations {
  const { sync } = deps;
  const { audit, flow } = sync;
  const settling = createSettling(deps);

  const confirmed = async ({ selection, etag }: Bulk): Promise<number> => {
    const rows = await listFailures(sync, selection);
    if (etag !== undefined && etag !== etagOf(rows)) throw new SelectionChanged();
    return rows.length;
  };

  const changeFlow = async (action: 'pause' | 'resume', actor: Actor): Promise<FlowStatus> => {
    await audit.during({ ...actor, action, selection: 'the sync to the ERP' }, async () => {
      await (action === 'pause' ? flow.pause(actor.by) : flow.resume());
      // Whoever resumes wants it now, whatever a service asked us to wait before.
      const late = action === 'pause' ? [] : (await listWaiting(sync)).filter(({ code }) => code === 'next-attempt');
      const freed = await free(sync, late);
      return { value: undefined, count: freed.length, results: tally(freed.map(({ result }) => result)) };
    });
    return flow.status();
  };

  const settle = (action: string, selection: string, actor: Actor, work: () => Promise<void>) =>
    audit.during({ ...actor, action, selection }, async () => {
      await work();
      return { value: undefined, count: 1, results: {} };
    });

  return {
    status: () => readStatus(deps),
    async failures(selection) {
      const { records, fields } = await readFailures(sync, selection);
      return { groups: groupFailures(records), records, fields, etag: etagOf(records) };
    },
    waiting: (selection) => listWaiting(sync, selection),
    planned: (selection) => listPlanned(sync, selection),
    plans: (refs, shownTo) =>
      shownTo === undefined
        ? plansOf(sync, refs, false)
        : audit.during({ ...shownTo, action: 'planned.show', selection: selectionText({ refs }) }, async () => {
            const value = await plansOf(sync, refs, true);
            return { value, count: value.length, results: {} };
          }),
    record: (ref) => readRecord(sync, ref),
    audit: (limit) => audit.list(limit),
    find: (text, actor) =>
      audit.during({ ...actor, action: 'find', selection: '' }, async () => {
        const value = await find(sync, text);
        return { value, count: value.records.length + value.rows.length, results: {} };
      }),
    values: (refs, actor) =>
      audit.during({ ...actor, action: 'values.show', selection: selectionText({ refs }) }, async () => {
        const value = await Promise.all(refs.map((ref) => bothSides(sync, ref)));
        return { value, count: value.length, results: {} };
      }),
    notes: () => readNotes(deps.control),
    note: (code, text, { by, reason }) =>
      audit.during({ by, reason, action: 'note', selection: `code ${code}` }, async () => {
        await writeNote(deps.control, { code, text, by, at: iso(sync.now()) });
        return { value: undefined, count: 1, results: {} };
      }),

    async replay(request, actor, onEach = () => undefined) {
      const { selection, dryRun, cap = Infinity, release = false, create = false, perSecond } = request;
      const action = request.action ?? (create ? 'create' : 'failed.replay');
      const fields = (await listOpenFields(sync, selection)).filter(({ code }) => code !== 'to-crm');
      const found = (await confirmed(request)) + fields.length;
      const pace = createPace(perSecond, onEach);
      const work = () => replay(sync, selection, { dryRun, cap, release, create, pace });
      const left = (results: readonly Replayed[]): number =>
        found - results.filter(({ result }) => result !== 'freed' && result !== 'would-free').length;
      if (dryRun || (found === 0 && selection.refs === undefined)) {
        const results = await work();
        return { results, left: left(results) };
      }
      const intent = { ...actor, action, selection: selectionText(selection) };
      return audit.during(intent, async () => {
        const results = await work();
        return {
          value: { results, left: left(results) },
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

    async applyPlanned({ selection, dryRun, etag }, actor) {
      const list = await listPlanned(sync, selection);
      if (etag !== undefined && etag !== list.etag) throw new SelectionChanged();
      if (dryRun || list.items.length === 0) {
        return list.items.map(({ ref }) => ({ ref, result: 'would-send' as const }));
      }
      return audit.during({ ...actor, action: 'planned.apply', selection: selectionText(selection) }, async () => {
        const value = await applyPlanned(sync, list.items);
        return { value, count: value.length, results: tally(value.map(({ result }) => result)) };
      });
    },

    link: (ref, associateNo, actor, keepsErp = []) =>
      settle('link', `${recordText(ref)} to ${associateNo}${keptText(keepsErp)}`, actor, async () => {
        await link(sync, ref, associateNo, keepsErp);
        await takeOff(deps.control, { record: recordText(ref), linked: associateNo });
      }),
    unlink: (ref, actor) =>
      settle('unlink', recordText(ref), actor, async () => {
        await unlink(sync, ref);
        await takeOff(deps.control, { record: recordText(ref), unlinked: true });
      }),

    openFields: (selection) => listOpenFields(sync, selection),
    reconcile: (actor, onPage) =>
      audit.during({ ...actor, action: 'reconcile', selection: 'both systems' }, async () => {
        const found = await compare({ sync, crm: deps.crm, control: deps.control, onPage }, actor.by);
        const value = found.map(({ marks: _marks, ...line }): ReconcileLine => line);
        return { value, count: value.length, results: tally(value.map(({ kind }) => kind)) };
      }),
    differences: () => readDifferences(deps.control),
    ...settling,
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

/** What the audit list says of it: names of fields, no value. */
function keptText(kept: Kept): string {
  if (kept === 'all') return ', the ERP’s values stay';
  return kept.length === 0 ? '' : `, the ERP’s ${kept.join(', ')} stay`;
}
