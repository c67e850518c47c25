import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson, type ImportFlags } from '../flags.ts';

/** `import <files…>` */
export function registerImport(program: Command, { act }: Tools): void {
  addJson(program.command('import'))
    .description('Takes customers and contacts from CSV or JSON: first a plan, and nothing is written before --apply.')
    .argument(
      '[files...]',
      'CSV with a header line, JSON Lines or a JSON array; a file that names a customer for each row holds contacts',
    )
    .option(
      '--plan [file]',
      'only the plan (the default); with --apply, the plan that was approved: only that is carried out',
    )
    .option('--apply', 'carry it out; stopped on the way, the same command goes on where it was')
    .option('--exported-at <time>', 'when the export began, such as 2026-11-21T08:00:00+01:00', instant)
    .option('--empty-clears', 'an empty cell clears the ERP’s value; else it leaves it')
    .addOption(
      new Option('--customers', 'the file holds customers, where its headers do not tell').conflicts('contacts'),
    )
    .addOption(
      new Option('--contacts', 'the file holds contacts, where its headers do not tell').conflicts('customers'),
    )
    .option('--accept <file>', 'possible doubles to create all the same, one a line: customer:C-1')
    .option('--accept-new', 'creates every possible double')
    .option('--csv <file>', 'writes the plan for Excel as well')
    .option('--out <file>', 'where the plan is written (default: .local/import.plan.json)')
    .option('--show-values', 'show names; else they are masked')
    .action(
      act(async (session, paths: readonly string[], flags: ImportFlags) =>
        (await import('../work/import.ts')).runImportCommand(session, paths, flags),
      ),
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
