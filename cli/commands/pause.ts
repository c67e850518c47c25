import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { addWho, type WhoFlags } from '../flags.ts';

/** `pause` and `resume` */
export function registerPause(program: Command, { act }: Tools): void {
  const change = (action: 'pause' | 'resume') =>
    act(async (session, flags: WhoFlags) => (await import('../work/pause.ts')).changeFlow(session, action, flags));

  addWho(program.command('pause'))
    .description(
      'Stops writing to the ERP, for a period close (periodeavslutning) or maintenance. Nothing is lost, no attempt is spent; requests that are under way come to their end.',
    )
    .action(change('pause'));
  addWho(program.command('resume'))
    .description(
      'Ends a pause, and a stop that only a person may end (such as erp.external-id-changed, once its cause is mended).',
    )
    .action(change('resume'));
}
