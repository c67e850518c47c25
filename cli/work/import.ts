import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { growHeapSlowly } from '../../shared/heap.ts';
import {
  ImportFileError,
  leftOut,
  openImportFile,
  planImport,
  type ImportFile,
  type ReadOptions,
} from '../../shared/import/index.ts';
import { settingsUnlikeTheApps } from '../../shared/published-settings.ts';
import type { ExitCode, Session } from '../context.ts';
import type { ImportFlags } from '../flags.ts';
import { readAccepted } from '../import/accepted.ts';
import { applyImport } from '../import/apply.ts';
import { readApproved } from '../import/approved.ts';
import { readNames } from '../import/names.ts';
import { writePlanCsv } from '../import/plan-csv.ts';
import { needsPerson, planLines, writePlan } from '../import/plan-report.ts';
import { json } from '../text.ts';

const LOCAL = path.join(import.meta.dirname, '../../.local');

export async function runImportCommand(
  { context, runtime, goesOn }: Session,
  given: readonly string[],
  flags: ImportFlags,
): Promise<ExitCode> {
  growHeapSlowly(25);
  // Without --apply, what stands behind --plan is a file to import.
  const approvedFile = flags.apply && typeof flags.plan === 'string' ? flags.plan : undefined;
  const paths = typeof flags.plan === 'string' && approvedFile === undefined ? [flags.plan, ...given] : given;
  if (paths.length === 0) {
    context.err('Name the files to import.');
    return 1;
  }
  const read = {
    exportedAt: flags.exportedAt,
    emptyClears: flags.emptyClears ?? false,
    ...(flags.customers && { kind: 'customer' as const }),
    ...(flags.contacts && { kind: 'contact' as const }),
    kindIsSure: paths.length === 1,
  };
  // A slip in a file's name is found before anything is connected to.
  const files = await Promise.all(paths.map((each) => open(each, read))).catch(orRefusal);
  if (typeof files === 'string') {
    context.err(files);
    return 1;
  }
  for (const { path: name, columns } of files) {
    if (columns.ignored.length > 0) context.err(`${name}: not used: ${columns.ignored.join(', ')}`);
  }
  const running = await runtime();
  const unlike = await settingsUnlikeTheApps(running.control, running.settings);
  if (unlike.length > 0) {
    context.err(`Not as in the function app: ${unlike.join(', ')}. The import decides by what is set here.`);
  }
  // Reading the whole ERP takes its time, and the ERP's own requests have their own limits.
  const stillReading = setInterval(goesOn, 1_000);
  try {
    const approved = approvedFile === undefined ? undefined : await readApproved(approvedFile);
    const accepts = await readAccepted(flags.accept, flags.acceptNew ?? false);
    const plan = await planImport(running.sync, files, read, undefined, accepts);
    const names = flags.showValues ? await readNames(files, read) : undefined;
    await mkdir(LOCAL, { recursive: true });
    const out = flags.out ?? path.join(LOCAL, 'import.plan.json');
    // The approved plan stays as it was approved.
    if (out !== approvedFile) await writePlan(out, plan.rows, names);
    if (flags.csv !== undefined) await writePlanCsv(flags.csv, plan.rows, names);
    if (!flags.json) for (const line of planLines(plan.rows, names)) context.out(line);
    context.err(`The plan is in ${out}: delete it, and the files, when the import is done.`);
    if (flags.apply) {
      const asJson = flags.json ?? false;
      const without = leftOut(plan.rows, approved);
      return await applyImport(running, context, files, plan, { read, folder: LOCAL, asJson, without, accepts });
    }
    if (flags.json) context.out(json(plan.rows));
    else context.out('\nNothing has been written. --apply carries the plan out.');
    return plan.rows.some(needsPerson) ? 1 : 0;
  } catch (error) {
    const refusal = orRefusal(error);
    context.err(refusal);
    return 1;
  } finally {
    clearInterval(stillReading);
  }
}

/** Opens a file; an error of the operating system says which one it is about. */
async function open(file: string, read: ReadOptions): Promise<ImportFile> {
  if ((await stat(file)).isDirectory()) throw new ImportFileError(`${file}: this is a folder: name the file in it`);
  return openImportFile(file, read);
}

/** What is wrong with a file, to be said as it is. */
function orRefusal(error: unknown): string {
  if (error instanceof ImportFileError) return error.message;
  throw error;
}
