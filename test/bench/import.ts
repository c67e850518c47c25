import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startAzurite } from '../../local/azurite.ts';
import { round, type Benchmark, type Figure } from './report.ts';
import { startChild } from './support/child.ts';
import { toCsv } from './support/csv.ts';
import { environmentFor } from './support/engine.ts';
import type { Imported } from './support/importer.ts';
import { range } from './support/records.ts';
import { AS_IN_REALITY, startSandboxProcess } from './support/sandbox-process.ts';

/** (d) First import of so many customers, half of them in the ERP already; the largest is killed on its way once. */
export const importFiles: Benchmark = async ({ quick, say }) => {
  const sizes = quick ? [1000] : [10_000, 50_000];
  const figures: Figure[] = [];
  const notes: string[] = [];
  for (const size of sizes) {
    const run = await importOf(size, { kill: size === sizes.at(-1), say });
    figures.push(...run.figures);
    notes.push(run.note);
  }
  return {
    name: 'import',
    title: 'Import with a plan; half of the records stand in the ERP under various spellings of their number',
    figures,
    notes: [...notes, 'Memory is that of a process with nothing but the importer in it.'],
  };
};

async function importOf(
  size: number,
  { kill, say }: { readonly kill: boolean; readonly say: (text: string) => void },
): Promise<{ readonly figures: readonly Figure[]; readonly note: string }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'import-'));
  const [erp, azurite] = await Promise.all([startSandboxProcess(AS_IN_REALITY), startAzurite()]);
  try {
    await erp.tell({ do: 'seed', from: 0, to: size / 2 });
    const file = path.join(folder, 'customers.csv');
    await writeFile(file, toCsv(range(0, size)));
    const start = () =>
      startChild<'ready'>('importer.ts', {
        args: [file, folder],
        environment: environmentFor(erp, azurite.connectionString),
      });
    let killed = 0;
    let killedMs = 0;
    if (kill) {
      say(`${size} records, killed on the way`);
      const began = performance.now();
      const first = await start();
      const ending = first.ask<Imported>({ do: 'import' }).catch(() => null);
      while (killed < size * 0.4) {
        await delay(200);
        killed = await first.ask<number>({ do: 'progress' });
      }
      first.process.kill('SIGKILL');
      await ending;
      killedMs = performance.now() - began;
    }
    say(`${size} records`);
    const importer = await start();
    const result = await importer.ask<Imported>({ do: 'import' });
    await importer.stop();
    const [summary, checked] = await Promise.all([erp.summary(), erp.verify(0, size)]);
    const seconds = (killedMs + result.planMs + result.applyMs) / 1000;
    const { all } = summary.counts.operations;
    const perMinute = (all * 60) / seconds;
    const name = kill ? `${size}, killed at ${killed} and resumed` : String(size);
    return {
      figures: [
        { what: `${name}: ERP requests`, value: all, target: { most: Math.max(60, (1500 * size) / 50_000) } },
        { what: `${name}: seconds`, value: round(seconds, 0) },
        { what: `${name}: records per minute`, value: round((size * 60) / seconds, 0) },
        { what: `${name}: seconds of the plan`, value: round(result.planMs / 1000, 1) },
        { what: `${name}: peak memory`, value: round(result.peakMb, 0), unit: 'MB', target: { most: 300 } },
        { what: `${name}: rows missing or old`, value: checked.missing + checked.stale, target: { most: 0 } },
        { what: `${name}: doubled`, value: checked.doubled + summary.doubles, target: { most: 0 } },
      ],
      note:
        `${size} records: ${boundOf(perMinute)} set the time (${round(perMinute, 0)} of 500 ERP requests a minute used; ` +
        `CPU seconds: importer ${round(result.cpuMs / 1000, 0)}, sandbox ${round(summary.cpuMs / 1000, 0)}).`,
    };
  } finally {
    await Promise.all([erp.stop(), azurite.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whoever waits for the ERP's budget uses it up; all else is time spent on storage and by the processes here. */
const boundOf = (perMinute: number): string => (perMinute > 425 ? "the ERP's limit" : 'Azurite and this machine');
