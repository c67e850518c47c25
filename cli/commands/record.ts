import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson, type JsonFlags } from '../flags.ts';

/** `record <kind>:<crmId>` */
export function registerRecord(program: Command, { act }: Tools): void {
  addJson(program.command('record'))
    .description('One record: where it stands, its row in the ERP, what happened to it, what it waits for. No values.')
    .argument('<record>', 'such as customer:C-1001 or contact:P-2001')
    .action(
      act(async (session, name: string, flags: JsonFlags) =>
        (await import('../work/record.ts')).showRecord(session, name, flags),
      ),
    );
}
