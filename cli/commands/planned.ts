import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson, addRecords, addWho, hours, type JsonFlags, type SelectionFlags, type WhoFlags } from '../flags.ts';

/** `planned list|apply` */
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
  addWho(addJson(addRecords(planned.command('apply'))))
    .description(
      'Has them written although the mode is plan: those named, as they are now. Each is decided once more on what the ERP holds then.',
    )
    .option('--all', 'everything planned')
    .option('--older-than <time>', 'planned for at least so long: 30m, 24h, 7d', hours)
    .option('--dry-run', 'say what would happen, change nothing')
    .action(
      act(
        async (
          session,
          records: readonly string[],
          flags: SelectionFlags & WhoFlags & JsonFlags & { readonly dryRun?: boolean },
        ) => (await import('../work/planned.ts')).applyPlanned(session, records, flags),
      ),
    );
}
