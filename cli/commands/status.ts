import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson, type JsonFlags } from '../flags.ts';

/** `status` */
export function registerStatus(program: Command, { act }: Tools): void {
  addJson(program.command('status'))
    .description('Is everything in sync, what waits, what needs a person? Exit code 1 when a person is needed.')
    .option('--watch', 'again every few seconds, until Ctrl+C')
    .action(
      act(async (session, flags: JsonFlags & { readonly watch?: boolean }) =>
        (await import('../work/status.ts')).showStatus(session, flags),
      ),
    );
}
