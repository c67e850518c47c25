import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { atLeastOne } from '../selection.ts';
import { json, minute, table, tallyText } from '../text.ts';

/** `audit list` */
export function registerAudit(program: Command, { context, act }: Tools): void {
  const audit = program.command('audit').description('Who replayed, gave up, paused or released what, and when.');
  audit
    .command('list')
    .description('The newest entries first. Entries are kept for a year.')
    .option('--limit <n>', 'at most so many', atLeastOne, 50)
    .option('--json', 'for scripts')
    .action(
      act(async ({ sync }, flags: { readonly limit: number; readonly json?: boolean }) => {
        const entries = await sync.audit.list(flags.limit);
        if (flags.json) {
          context.out(json(entries));
        } else if (entries.length === 0) {
          context.out('No entries.');
        } else {
          const rows = entries.map(({ at, by, action, selection, reason, count, results, endedAt }) => [
            minute(at),
            by,
            action,
            String(count),
            endedAt === '' ? 'did not come to its end' : tallyText(results),
            selection,
            reason,
          ]);
          context.out(table(['when', 'who', 'what', 'records', 'results', 'selection', 'reason'], rows));
        }
        return 0;
      }),
    );
}
