import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { growHeapSlowly } from '../../shared/heap.ts';
import { ImportFileError, openImportFile, planImport } from '../../shared/import/index.ts';
import { settingsUnlikeTheApps } from '../../shared/told-settings.ts';
import type { Tools } from '../context.ts';
import { applyImport } from '../import/apply.ts';
import { readNames } from '../import/names.ts';
import { needsPerson, planLines, writePlan } from '../import/plan-report.ts';
import { json } from '../text.ts';

interface ImportFlags {
  readonly apply?: boolean;
  readonly exportedAt?: string;
  readonly emptyClears?: boolean;
  readonly out?: string;
  readonly showValues?: boolean;
  readonly json?: boolean;
}

const LOCAL = path.join(import.meta.dirname, '../../.local');

/** `import <files…>` */
export function registerImport(program: Command, { context, act }: Tools): void {
  program
    .command('import')
    .description(
      'Takes customers and contacts from CSV or JSON Lines: first a plan, and nothing is written before --apply.',
    )
    .argument('<files...>', 'UTF-8, with a header line; a file that names a customer for each row holds contacts')
    .option('--plan', 'only the plan (the default)')
    .option('--apply', 'carry it out; stopped on the way, the same command goes on where it was')
    .option('--exported-at <time>', 'when the export began, such as 2026-11-21T08:00:00+01:00', instant)
    .option('--empty-clears', 'an empty cell clears the ERP’s value; else it leaves it')
    .option('--out <file>', 'where the plan is written (default: .local/import.plan.json)')
    .option('--show-values', 'show names; else they are masked')
    .option('--json', 'for scripts')
    .action(
      act(async (runtime, paths: readonly string[], flags: ImportFlags) => {
        growHeapSlowly(25);
        const read = { exportedAt: flags.exportedAt, emptyClears: flags.emptyClears ?? false };
        try {
          const files = await Promise.all(paths.map((each) => openImportFile(each, read)));
          for (const { path: name, columns } of files) {
            if (columns.ignored.length > 0) context.err(`${name}: not used: ${columns.ignored.join(', ')}`);
          }
          const unlike = await settingsUnlikeTheApps(runtime.control, runtime.settings);
          if (unlike.length > 0) {
            context.err(`Not as in the function app: ${unlike.join(', ')}. The import decides by what is set here.`);
          }
          const plan = await planImport(runtime.sync, files, read);
          const names = flags.showValues ? await readNames(files, read) : undefined;
          await mkdir(LOCAL, { recursive: true });
          const out = flags.out ?? path.join(LOCAL, 'import.plan.json');
          await writePlan(out, plan.rows, names);
          if (!flags.json) for (const line of planLines(plan.rows, names)) context.out(line);
          context.err(`The plan is in ${out}: delete it, and the files, when the import is done.`);
          if (flags.apply) {
            return await applyImport(runtime, context, files, plan, {
              read,
              folder: LOCAL,
              asJson: flags.json ?? false,
            });
          }
          if (flags.json) context.out(json(plan.rows));
          else context.out('\nNothing has been written. --apply carries the plan out.');
          return plan.rows.some(needsPerson) ? 1 : 0;
        } catch (error) {
          if (!(error instanceof ImportFileError)) throw error;
          context.err(error.message);
          return 1;
        }
      }),
    );
}

function instant(text: string): string {
  const hasOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  const time = Date.parse(text);
  if (!hasOffset || Number.isNaN(time)) {
    throw new InvalidArgumentError('expected a time with offset, such as 2026-11-21T08:00:00+01:00');
  }
  if (time > Date.now()) throw new InvalidArgumentError('is in the future');
  return new Date(time).toISOString();
}
