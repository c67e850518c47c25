import { growHeapSlowly } from '../../../shared/heap.ts';
import { openCheckpoint, openImportFile, planImport, runImport } from '../../../shared/import/index.ts';
import { openEngine } from '../../../shared/engine.ts';

/** The importer in a process of its own, so that its memory is nobody else's. */

export type ImporterCommand = { readonly do: 'import' } | { readonly do: 'progress' };

export interface Imported {
  readonly plan: Readonly<Record<string, number>>;
  readonly planMs: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly skipped: number;
  readonly applyMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

growHeapSlowly(25);
const [file = '', checkpoints = ''] = process.argv.slice(2);
const options = { exportedAt: '2026-11-01T08:00:00.000Z', emptyClears: false };
let done = 0;

async function run(): Promise<Imported> {
  const { sync } = await openEngine(process.env, () => undefined);
  const files = [await openImportFile(file, options)];
  const began = performance.now();
  const plan = await planImport(sync, files, options);
  const planned = performance.now();
  const counts: Record<string, number> = {};
  for (const { outcome } of plan.rows) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const checkpoint = await openCheckpoint(checkpoints, [file]);
  const report = await runImport(sync, files, options, checkpoint, plan.snapshot, {
    onRow: (rows) => (done = rows),
  });
  const { user, system } = process.cpuUsage();
  return {
    plan: counts,
    planMs: planned - began,
    outcomes: report.outcomes,
    skipped: report.skipped,
    applyMs: performance.now() - planned,
    cpuMs: (user + system) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
}

process.on('message', (message: { id: number; command: ImporterCommand }) => {
  if (message.command.do === 'progress') process.send?.({ id: message.id, answer: done });
  else {
    void run().then(
      (answer) => process.send?.({ id: message.id, answer }),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  }
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
