import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { addWho, type LinkFlags, type WhoFlags } from '../flags.ts';

/** `link` and `unlink`: a person says which row a record is. */
export function registerLink(program: Command, { act }: Tools): void {
  addWho(program.command('link'))
    .description(
      'This record is that row of the ERP, whatever rows look like it. A row of another live record is refused. The record is tried again at once.',
    )
    .argument('<record>', 'such as customer:C-1001 or contact:P-2001')
    .argument('<actorNumber>', 'the row’s actor number (aktørnummer)')
    .option(
      '--keep-erp [fields]',
      'the ERP’s values stay until the CRM changes them, all or in these fields (address,city); else the CRM’s win',
    )
    .action(
      act(async (session, record: string, associateNo: string, flags: LinkFlags) =>
        (await import('../work/link.ts')).linkRecord(session, record, associateNo, flags),
      ),
    );
  addWho(program.command('unlink'))
    .description(
      'The record’s row is not its own. The row stays as it is, without the record’s id; the next change finds a row anew.',
    )
    .argument('<record>', 'such as customer:C-1001 or contact:P-2001')
    .action(
      act(async (session, record: string, flags: WhoFlags) =>
        (await import('../work/link.ts')).unlinkRecord(session, record, flags),
      ),
    );
}
