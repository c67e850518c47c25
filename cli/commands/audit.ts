import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson, atLeastOne } from '../flags.ts';

/** `audit list` */
export function registerAudit(program: Command, { act }: Tools): void {
  const audit = program
    .command('audit')
    .description('Who replayed, linked, gave up, paused or released what, and when.');
  addJson(audit.command('list'))
    .description('The newest entries first. Entries are kept for a year.')
    .option('--limit <n>', 'at most so many', atLeastOne, 50)
    .action(
      act(async (session, flags: { readonly limit: number; readonly json?: boolean }) =>
        (await import('../work/audit.ts')).listAudit(session, flags),
      ),
    );
}
