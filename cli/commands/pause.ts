import type { Command } from 'commander';
import type { Runtime } from '../../shared/runtime.ts';
import type { ExitCode, Tools } from '../context.ts';
import { flowText } from '../flow-text.ts';
import { addWho, intentOf, type WhoFlags } from '../who.ts';

/** `pause` and `resume` */
export function registerPause(program: Command, { context, act }: Tools): void {
  const change = (action: 'pause' | 'resume') =>
    act(async ({ sync: { flow, audit, now } }: Runtime, flags: WhoFlags): Promise<ExitCode> => {
      const before = await flow.status();
      const intent = intentOf(context, flags, action, 'flow to the ERP');
      await audit.during(intent, async () => {
        await (action === 'pause' ? flow.pause(intent.by) : flow.resume());
        return { value: undefined, count: 0, results: {} };
      });
      const after = await flow.status();
      const isSame = after.is === before.is;
      context.out(`${isSame ? 'Nothing changed: the flow was and is' : 'The flow is now'} ${flowText(after, now())}.`);
      if (action === 'pause') {
        context.out('The CRM’s changes are still taken and kept; they are applied after `resume`.');
      } else if (!isSame) {
        context.out('The sweep sends what waited, at the pace the ERP allows; `status` shows how it goes.');
      }
      return 0;
    });

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
