import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson, addRecords, type JsonFlags } from '../flags.ts';

/** `planned list` */
export function registerPlanned(program: Command, { act }: Tools): void {
  const planned = program.command('planned').description('What SYNC_MODE=plan decided and did not write.');
  addJson(addRecords(planned.command('list')))
    .description('One line per record.')
    .option('--csv', 'for Excel: semicolons, with a byte order mark')
    .action(
      act(async (session, records: readonly string[], flags: JsonFlags & { readonly csv?: boolean }) =>
        (await import('../work/planned.ts')).listPlanned(session, records, flags),
      ),
    );
}
