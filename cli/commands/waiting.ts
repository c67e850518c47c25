import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson, addRecords, addWho, hours, type JsonFlags, type SelectionFlags, type WhoFlags } from '../flags.ts';

const addFilters = (command: Command): Command =>
  command
    .option('--code <code>', 'only what waits for this: customer.missing, next-attempt, paused, or a failure’s code')
    .option('--older-than <time>', 'here for at least so long: 30m, 24h, 7d', hours);

/** `waiting list|free` */
export function registerWaiting(program: Command, { act }: Tools): void {
  const waiting = program.command('waiting').description('Changes that wait for something else, and need nobody.');
  addJson(addFilters(addRecords(waiting.command('list'))))
    .description('What waits, for what, and until when.')
    .action(
      act(async (session, records: readonly string[], flags: SelectionFlags & JsonFlags) =>
        (await import('../work/waiting.ts')).listWaiting(session, records, flags),
      ),
    );
  addWho(addJson(addFilters(addRecords(waiting.command('free')))))
    .description(
      'Has them tried now. Nothing is skipped: a contact without its customer waits again, a stopped sync stays stopped.',
    )
    .option('--all', 'everything that waits')
    .option('--dry-run', 'say what would happen, change nothing')
    .action(
      act(
        async (
          session,
          records: readonly string[],
          flags: SelectionFlags & WhoFlags & JsonFlags & { readonly dryRun?: boolean },
        ) => (await import('../work/waiting.ts')).freeWaiting(session, records, flags),
      ),
    );
}
