import type { ExitCode, Session } from '../context.ts';
import type { WhoFlags } from '../flags.ts';
import { flowText } from '../flow-text.ts';
import { actorOf } from '../selection.ts';

export async function changeFlow(
  { context, operations }: Session,
  action: 'pause' | 'resume',
  flags: WhoFlags,
): Promise<ExitCode> {
  const ops = await operations();
  const before = (await ops.status()).flow;
  const after = await ops[action](actorOf(context, flags));
  const isSame = after.is === before.is;
  const text = flowText(after, context.now());
  context.out(`${isSame ? 'Nothing changed: the sync was and is' : 'The sync is now'} ${text}.`);
  if (action === 'pause') {
    context.out('The CRM’s changes are still taken and kept; they are applied after `resume`.');
  } else if (!isSame) {
    context.out('What waited is sent at the pace the ERP allows; `status` shows how it goes.');
  }
  return 0;
}
