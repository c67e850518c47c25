import { SingleBar } from 'cli-progress';
import {
  openCheckpoint,
  runImport,
  type ImportFile,
  type LeftOut,
  type Plan,
  type ReadOptions,
} from '../../shared/import/index.ts';
import type { RecordRef } from '../../shared/record/index.ts';
import type { Engine } from '../../shared/engine.ts';
import type { Context, ExitCode } from '../context.ts';
import { count, duration, json, table } from '../text.ts';

const MOST_SHOWN = 50;

export interface ApplyOptions {
  readonly read: ReadOptions;
  /** Where the checkpoint lies. */
  readonly folder: string;
  readonly asJson: boolean;
  /** Rows that are left out, by place. */
  readonly without: ReadonlyMap<string, LeftOut>;
  readonly accepts: (ref: RecordRef) => boolean;
}

/** Carries the plan out, with a progress bar for a person, and says how it went. */
export async function applyImport(
  { sync, settings, storageName }: Engine,
  context: Context,
  files: readonly ImportFile[],
  plan: Plan,
  { read, folder, asJson, without, accepts }: ApplyOptions,
): Promise<ExitCode> {
  const checkpoint = await openCheckpoint(
    folder,
    files.map(({ path }) => path),
    JSON.stringify([settings.NXT_GRAPHQL_URL, settings.NXT_COMPANY_NO, storageName, read]),
  );
  const bar = new SingleBar({
    format: '{bar} {value}/{total} rows, {rate} a minute, {eta_formatted} left',
    stream: process.stderr,
    noTTYOutput: false,
  });
  const began = performance.now();
  const perMinute = (rows: number) => Math.round((rows * 60_000) / Math.max(1, performance.now() - began));
  if (context.isTerminal) bar.start(plan.rows.length, 0, { rate: 0 });
  const onRow = (done: number): void => {
    if (context.isTerminal) bar.update(done, { rate: perMinute(done) });
  };
  let isLeftoverSaid = false;
  const onWait = (records: number): void => {
    if (isLeftoverSaid) return;
    isLeftoverSaid = true;
    bar.stop();
    context.err(`${count(records, 'record')} not done in turn: looking again, for a few minutes at most.`);
  };
  const report = await runImport(sync, files, read, checkpoint, plan.snapshot, { onRow, onWait, without, accepts });
  bar.stop();

  const done = Object.values(report.outcomes).reduce((sum, each) => sum + each, 0);
  const code = report.failed.length > 0 || (report.outcomes['invalid'] ?? 0) > 0 || report.leftOut.length > 0 ? 1 : 0;
  if (asJson) {
    context.out(json(report));
    return code;
  }
  context.out(
    table(
      ['records', 'outcome'],
      Object.entries(report.outcomes).map(([outcome, number]) => [String(number), outcome]),
    ),
  );
  if (report.skipped > 0) context.out(`${count(report.skipped, 'row')} had been done before the import was stopped.`);
  if (report.leftOut.length > 0) {
    context.out(
      `${count(report.leftOut.length, 'row')} left out: \`held-back\` may stand in the ERP already and nobody accepted it, \`moved\` is not as it was approved:`,
    );
    const rows = report.leftOut.slice(0, MOST_SHOWN).map(({ file, line, why }) => [`${file}:${line}`, why]);
    context.out(table(['where', 'why'], rows));
    if (report.leftOut.length > rows.length) context.out(`… and ${report.leftOut.length - rows.length} more.`);
  }
  if (report.failed.length > 0) {
    context.out(`${count(report.failed.length, 'record')} listed as failed; \`failed list\` says what to do:`);
    const rows = report.failed.slice(0, MOST_SHOWN).map(({ file, line, crmId, code: why }) => {
      return [file === '' ? 'an earlier run' : `${file}:${line}`, crmId, why];
    });
    context.out(table(['where', 'record', 'why'], rows));
    const more = report.failed.length - rows.length;
    if (more > 0) context.out(`… and ${more} more: \`failed list --all\`.`);
  }
  const share = Math.round(report.erpShare * 100);
  const bound = share > 50 ? 'the ERP and its limits' : 'storage and this machine';
  context.out(
    `${count(done, 'row')} in ${duration(performance.now() - began)}, ${perMinute(done)} a minute. ` +
      `The time was set by ${bound}: rows waited for the ERP ${share} % of the time.`,
  );
  return code;
}
