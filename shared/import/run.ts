import path from 'node:path';
import { organizationNumber, type RecordRef } from '../record/index.ts';
import { DUE, refText, UnreadableRow } from '../store/index.ts';
import type { Queues } from '../queues/index.ts';
import type { AssociateRow, Selector } from '../erp/index.ts';
import { acceptChanges, applyChange, comesAgain, type Applied, type Outcome, type SyncDeps } from '../sync/index.ts';
import type { Checkpoint } from './checkpoint.ts';
import { createGatherer } from './gather.ts';
import { placeOf, type LeftOut } from './approval.ts';
import { customersFirst } from './plan.ts';
import type { Accepts } from './planner.ts';
import { withContentId } from './identity.ts';
import { finishLeftover, IMPORT_TRACE, type LeftoverOptions } from './leftover.ts';
import { readRows, type ImportFile, type ImportRow, type ReadOptions } from './read-file.ts';
import type { Snapshot } from './snapshot.ts';

/** Rows in work at the same time: enough to fill the ERP's requests of a hundred rows each. */
const AT_ONCE = 300;
/** How long what the plan read may stand in for a read, milliseconds. */
const FRESH_MS = 10 * 60_000;

export interface FailedImport {
  /** Empty, and line 0, for a record that an earlier run had left behind. */
  readonly file: string;
  readonly line: number;
  readonly crmId: string;
  readonly code: string;
}

/** What became of a row: as of any change; or it is no record, or was done by an earlier run. */
type RowOutcome = Outcome | 'invalid' | 'repeated' | LeftOut;

export interface ImportReport {
  /** Rows by `RowOutcome`. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failed: readonly FailedImport[];
  readonly skipped: number;
  /** Rows that were not carried out, and why; nothing of them was stored. */
  readonly leftOut: readonly { readonly file: string; readonly line: number; readonly why: LeftOut }[];
  /** Of the time rows were in work, the part they waited for the ERP and its budget, 0 to 1; the rest is storage. */
  readonly erpShare: number;
}

export interface RunOptions extends LeftoverOptions {
  /** Told after each row how many there were. */
  readonly onRow?: (done: number) => void;
  /** By place, see `leftOut`. */
  readonly without?: ReadonlyMap<string, LeftOut>;
  /** Records that a person accepted as new ones. */
  readonly accepts?: Accepts;
}

/**
 * Takes every row through the ledger and the engine, as if each had come as a webhook, but without the queue. What is
 * not done in its turn is looked at again at the end; what is not done then either (a contact without its customer, an
 * ERP that is away) stays pending, and the function app goes on with it.
 */
export async function runImport(
  deps: SyncDeps,
  files: readonly ImportFile[],
  options: ReadOptions,
  checkpoint: Checkpoint,
  snapshot: Snapshot | null,
  { onRow = () => undefined, without = new Map(), accepts = () => false, ...leftover }: RunOptions = {},
): Promise<ImportReport> {
  const outcomes = new Map<RowOutcome, number>();
  const failed: FailedImport[] = [];
  /** Where a record stands that was not done in its turn, and what was said of it then. */
  const unfinished = new Map<string, { readonly file: string; readonly line: number; readonly outcome: RowOutcome }>();
  const count = (outcome: RowOutcome, by: 1 | -1 = 1): void => {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + by);
  };
  let [done, skipped] = [0, 0];
  const watch = createWatch();
  const gatherer = createGatherer(watched(deps.erp, watch.inErp));
  const direct: SyncDeps = {
    ...deps,
    erp: withSnapshot({ ...deps, erp: gatherer.erp }, snapshot),
  };

  const notTaken: ImportReport['leftOut'][number][] = [];
  const take = async (file: string, row: ImportRow): Promise<void> => {
    const why = without.get(placeOf({ file, line: row.line }));
    if (why !== undefined) {
      notTaken.push({ file, line: row.line, why });
      count(why);
      onRow((done += 1));
      return;
    }
    const outcome: { readonly outcome: RowOutcome; readonly code?: string } =
      'change' in row
        ? await watch.inWork(() => gatherer.row(() => takeChange(direct, row.change, accepts)))
        : { outcome: 'invalid' };
    count(outcome.outcome);
    if ('change' in row) {
      const { ref } = row.change;
      const code = outcome.outcome === 'failed' ? (outcome.code ?? '') : outcome.outcome;
      if (['failed', 'unreadable'].includes(outcome.outcome))
        failed.push({ file, line: row.line, crmId: ref.crmId, code });
      if (comesAgain(outcome.outcome)) unfinished.set(refText(ref), { file, line: row.line, ...outcome });
    }
    done += 1;
    onRow(done);
  };

  for (const file of customersFirst(files)) {
    const doneUpTo = checkpoint.doneUpTo(file.path);
    const name = path.basename(file.path);
    let batch: ImportRow[] = [];
    const flush = async (): Promise<void> => {
      await inOrderPerRecord(batch, (row) => take(name, row));
      const last = batch.at(-1);
      if (last) await checkpoint.done(file.path, last.line);
      batch = [];
    };
    for await (const row of readRows(file, options, new Date(deps.now()))) {
      if (row.line <= doneUpTo) {
        skipped += 1;
        continue;
      }
      batch.push(row);
      if (batch.length >= AT_ONCE) await flush();
    }
    await flush();
  }
  await checkpoint.finish();
  const again = (ref: RecordRef, { outcome, code }: Applied): void => {
    if (comesAgain(outcome)) return;
    const before = unfinished.get(refText(ref));
    if (before) count(before.outcome, -1);
    unfinished.delete(refText(ref));
    count(outcome);
    if (outcome === 'failed')
      failed.push({ file: before?.file ?? '', line: before?.line ?? 0, crmId: ref.crmId, code: code ?? '' });
  };
  await finishLeftover(deps, again, leftover);
  // Rows end in any order; a person reads them as they stand in the files.
  failed.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  const found = Object.fromEntries([...outcomes].filter(([, rows]) => rows > 0));
  notTaken.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return { outcomes: found, failed, skipped, leftOut: notTaken, erpShare: watch.erpShare() };
}

type Timed = <T>(work: () => Promise<T>) => Promise<T>;

/** Adds up how long rows were in work and how much of it in the ERP. */
function createWatch(): { readonly inWork: Timed; readonly inErp: Timed; erpShare(): number } {
  const sums = { work: 0, erp: 0 };
  const timed =
    (what: keyof typeof sums): Timed =>
    async (work) => {
      const began = performance.now();
      try {
        return await work();
      } finally {
        sums[what] += performance.now() - began;
      }
    };
  return {
    inWork: timed('work'),
    inErp: timed('erp'),
    erpShare: () => (sums.work === 0 ? 0 : Math.min(1, sums.erp / sums.work)),
  };
}

const watched = (erp: SyncDeps['erp'], inErp: Timed): SyncDeps['erp'] => ({
  ...erp,
  find: (selector) => inErp(() => erp.find(selector)),
  create: (row, beforeSend) => inErp(() => erp.create(row, beforeSend)),
  update: (no, values, beforeSend) => inErp(() => erp.update(no, values, beforeSend)),
});

async function takeChange(
  deps: SyncDeps,
  change: Parameters<typeof acceptChanges>[1][number],
  accepts: Accepts,
): Promise<{ readonly outcome: RowOutcome; readonly code?: string }> {
  const silent: Queues = { ...deps.queues, sendChange: async () => undefined };
  const event = await withContentId(change, deps.hash);
  try {
    const [accepted] = await acceptChanges({ ...deps, queues: silent }, [event], IMPORT_TRACE);
    if (accepted?.status === 'superseded' || accepted?.status === 'ignored') return { outcome: accepted.status };
    if (accepts(change.ref)) await settleAsNew(deps, change.ref);
    const applied = await applyChange(deps, change.ref);
    const isRepeat = accepted?.status === 'repeated' && applied.outcome === 'nothing-to-do';
    return isRepeat ? { outcome: 'repeated' } : applied;
  } catch (error) {
    if (error instanceof UnreadableRow) return { outcome: 'unreadable' };
    throw error;
  }
}

/** As `failed replay … --create` would. */
async function settleAsNew({ ledger }: SyncDeps, ref: RecordRef): Promise<void> {
  const { pending } = await ledger.read(ref);
  if (pending) await ledger.movePending(pending, { ...DUE, order: 'create' });
}

/** Rows of one batch side by side, but a record that stands twice in it one after the other. */
async function inOrderPerRecord(rows: readonly ImportRow[], take: (row: ImportRow) => Promise<void>): Promise<void> {
  const chains = new Map<string, Promise<void>>();
  for (const row of rows) {
    const key = 'change' in row ? row.change.ref.crmId : `line ${row.line}`;
    chains.set(
      key,
      (chains.get(key) ?? Promise.resolve()).then(() => take(row)),
    );
  }
  await Promise.all(chains.values());
}

/**
 * What the plan has just read saves the read of a row that the record can be linked to. Anything else is asked for: a
 * create must not rest on what was so some minutes ago.
 */
function withSnapshot({ erp, settings, now }: SyncDeps, snapshot: Snapshot | null): SyncDeps['erp'] {
  if (snapshot === null) return erp;
  const answers = (selector: Selector, rows: readonly AssociateRow[]): boolean => {
    const { externalId, associateNo, organizationDigits, organizationText } = selector;
    if (associateNo !== undefined && !rows.some((row) => row.associateNo === associateNo)) return false;
    // Before a number is written into a row, no other may have it: what other rows of the import wrote counts too.
    const key = organizationDigits ?? organizationText;
    // A free row with the organisation number leads to a link or to a person, unless shops of a chain may share it.
    const mayBeShared = settings.NXT_SAME_ORG_NUMBER === 'create';
    return rows.some(
      (row) =>
        row.contactFor === 0 &&
        row.deliverTo === 0 &&
        (key === undefined || organizationNumber(row.companyNo).key === key) &&
        (row.externalId === '' ? !mayBeShared : row.externalId === externalId),
    );
  };
  return {
    ...erp,
    async find(selector) {
      const { contactsOf, contactLike, pointingAt, nameLike, ...numbers } = selector;
      const asksMore = [contactsOf, contactLike, pointingAt].some((each) => each !== undefined);
      const isFresh = now() - snapshot.takenAt < FRESH_MS && !asksMore;
      // What only looks alike answers nothing: there may be a row by now that a number names.
      const isAnswered = isFresh && answers(selector, snapshot.find(numbers));
      return isAnswered ? snapshot.find({ ...numbers, ...(nameLike && { nameLike }) }) : erp.find(selector);
    },
    update(associateNo, values, beforeSend) {
      snapshot.forget(associateNo);
      return erp.update(associateNo, values, beforeSend);
    },
  };
}
