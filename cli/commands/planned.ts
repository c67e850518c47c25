import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import {
  addJson,
  addRecords,
  addWho,
  atLeastOne,
  hours,
  type JsonFlags,
  type PlannedFlags,
  type SelectionFlags,
  type WhoFlags,
} from '../flags.ts';

/** `planned list|apply` */
export function registerPlanned(program: Command, { act }: Tools): void {
  const planned = program
    .command('planned')
    .description('What was decided and not written: SYNC_MODE=plan to the ERP, ERP_TO_CRM=report to the CRM.');
  addWho(addJson(addRecords(planned.command('list'))))
    .description('What would happen to each, decided now on what the ERP holds.')
    .option('--older-than <time>', 'planned for at least so long: 30m, 24h, 7d', hours)
    .option('--csv', 'for Excel: a line per column, semicolons, with a byte order mark')
    .option('--show-values', 'old and new values in the clear; noted in the audit list')
    .option('--cap <n>', 'at most so many records; on the screen 50', atLeastOne)
    .action(
      act(async (session, records: readonly string[], flags: PlannedFlags) =>
        (await import('../work/planned-list.ts')).listPlanned(session, records, flags),
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
