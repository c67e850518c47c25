import { Option, type Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson, addWho, type JsonFlags, type WhoFlags } from '../flags.ts';

interface SettleFlags extends WhoFlags, JsonFlags {
  readonly field: string;
  readonly use?: 'crm' | 'erp';
  readonly ignore?: string;
}

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
    .description('Says what becomes of a field that differs: one side’s value goes to the other, or it stays.')
    .argument('<record>', 'such as customer:C-1001 or contact:P-2001')
    .requiredOption('--field <name>', 'the field, as change events name it')
    .addOption(new Option('--use <side>', 'whose value counts').choices(['crm', 'erp']))
    .option('--ignore <reason>', 'let it be until either value changes')
    .action(
      act(async (session, record: string, flags: SettleFlags) =>
        (await import('../work/reconcile.ts')).settleDifference(session, record, flags),
      ),
    );
}
