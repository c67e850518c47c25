import { Option, type Command } from 'commander';
import type { Tools } from '../context.ts';
import type { ReconcileKind } from '../../shared/sync/index.ts';
import { addJson, addWho, atLeastOne, type JsonFlags, type SettleFlags, type WhoFlags } from '../flags.ts';

/** `reconcile [settle]` */
export function registerReconcile(program: Command, { act }: Tools): void {
  const reconcile = addWho(addJson(program.command('reconcile')))
    .description('Holds both systems against each other and lists where they differ. Writes nothing.')
    .action(
      act(async (session, flags: WhoFlags & JsonFlags) =>
        (await import('../work/reconcile.ts')).listDifferences(session, flags),
      ),
    );
  addWho(addJson(reconcile.command('settle')))
    .description(
      'Settles what a comparison listed: one side’s value goes to the other, a record gets its row, or it stays.',
    )
    .argument('[what]', 'a record, customer:C-1001, or rows of the ERP, 10042 or 10042,10043')
    .option('--field <name>', 'the field that differs, as change events name it')
    .addOption(new Option('--use <side>', 'whose value counts').choices(['crm', 'erp']))
    .option('--ignore <reason>', 'let it be until what was compared changes')
    .option('--link <to>', 'the row that the record is, or the record that the row is')
    .option('--unlink', 'the record’s row is not its own')
    .addOption(new Option('--kind <kind>', 'which of the record’s differences, or all of which kind').choices(KINDS))
    .option('--all', 'every one of the kind; without --field every field')
    .option('--cap <n>', 'with --all: at most so many; run it again for the rest', atLeastOne)
    .option('--yes', 'with --all: really do it; without, it says what it would do')
    .addHelpText(
      'after',
      `
Examples:
  reconcile settle customer:C-1001 --field address --use erp
  reconcile settle customer:C-1001 --kind gone --link 10042
  reconcile settle 10042 --link customer:C-1001
  reconcile settle 10042,10043 --ignore "two branches"
  reconcile settle --all --field address --use crm
  reconcile settle --all --kind only-in-erp --ignore "not in the CRM" --yes`,
    )
    .action(
      // `reconcile` takes the same flags: where it stands before `settle`, commander gives them to it.
      act(async (session, what: string | undefined, _own: SettleFlags, settle: Command) =>
        (await import('../work/settle.ts')).settleDifference(session, what, settle.optsWithGlobals()),
      ),
    );
}

const KINDS = ['differs', 'doubled', 'gone', 'linked-twice', 'never-sent', 'only-in-erp'] satisfies ReconcileKind[];
