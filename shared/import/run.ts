import path from 'node:path';
import type { Queues } from '../queues/index.ts';
import { acceptChanges, applyChange, type SyncDeps } from '../sync/index.ts';
import type { Checkpoint } from './checkpoint.ts';
import { createGatherer } from './gather.ts';
import { customersFirst } from './plan.ts';
import { readRows, type ImportFile, type ImportRow, type ReadOptions } from './read-file.ts';
import type { Snapshot } from './snapshot.ts';

/** Rows in work at the same time: enough to fill the ERP's requests of a hundred rows each. */
const AT_ONCE = 300;
/** How long what the plan read may stand in for a read, milliseconds. */
const FRESH_MS = 10 * 60_000;

export interface FailedImport {
  readonly file: string;
  readonly line: number;
  readonly crmId: string;
  readonly code: string;
}

export interface ImportReport {
  /** Rows by what became of them: the engine's outcomes, and `invalid`. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failed: readonly FailedImport[];
  readonly skipped: number;
  /** Of the time rows were in work, the part they waited for the ERP and its budget, 0 to 1; the rest is storage. */
  readonly erpShare: number;
}

/**
 * Takes every row through the ledger and the engine, as if each had come as a webhook, but without the queue: what is
 * not done at once (a contact that waits, a failure of the ERP) stays pending, and the function app goes on with it.
 */
export async function runImport(
  deps: SyncDeps,
  files: readonly ImportFile[],
  options: ReadOptions,
  checkpoint: Checkpoint,
  snapshot: Snapshot | null,
  onRow: (done: number) => void = () => undefined,
): Promise<ImportReport> {
  const outcomes: Record<string, number> = {};
  const failed: FailedImport[] = [];
  let [done, skipped] = [0, 0];
  const watch = createWatch();
  const gatherer = createGatherer(watched(deps.erp, watch.inErp));
  const direct: SyncDeps = {
    ...deps,
    erp: withSnapshot({ ...deps, erp: gatherer.erp }, snapshot),
  };

  const take = async (file: string, row: ImportRow): Promise<void> => {
    const outcome =
      'change' in row
        ? await watch.inWork(() => gatherer.row(() => takeChange(direct, row.change)))
        : { outcome: 'invalid' };
    outcomes[outcome.outcome] = (outcomes[outcome.outcome] ?? 0) + 1;
    if (outcome.outcome === 'failed' && 'change' in row) {
      failed.push({ file, line: row.line, crmId: row.change.ref.crmId, code: outcome.code ?? '' });
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
  // Rows end in any order; a person reads them as they stand in the files.
  failed.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return { outcomes, failed, skipped, erpShare: watch.erpShare() };
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
): Promise<{ outcome: string; code?: string }> {
  const silent: Queues = { ...deps.queues, sendChange: async () => undefined };
  const [accepted] = await acceptChanges({ ...deps, queues: silent }, [change], 'import');
  if (accepted?.status === 'superseded') return { outcome: 'superseded' };
  const applied = await applyChange(deps, change.ref);
  const isRepeat = accepted?.status === 'repeated' && applied.outcome === 'nothing-to-do';
  return isRepeat ? { outcome: 'repeated' } : applied;
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
 * What the plan has just read saves the read of a row that is there. A row that is not found is always asked for: a
 * create must not rest on what was so some minutes ago.
 */
function withSnapshot({ erp, now }: SyncDeps, snapshot: Snapshot | null): SyncDeps['erp'] {
  if (snapshot === null) return erp;
  return {
    ...erp,
    async find(selector) {
      const isFresh =
        now() - snapshot.takenAt < FRESH_MS && selector.contactsOf === undefined && selector.pointingAt === undefined;
      const found = isFresh ? snapshot.find(selector) : [];
      return found.length > 0 ? found : erp.find(selector);
    },
    update(associateNo, values, beforeSend) {
      snapshot.forget(associateNo);
      return erp.update(associateNo, values, beforeSend);
    },
  };
}
