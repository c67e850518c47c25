import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson, type JsonFlags } from '../flags.ts';

/** `trigger` */
export function registerTrigger(program: Command, { act }: Tools): void {
  addJson(program.command('trigger'))
    .description(
      'Sends one made-up change, signed as the CRM signs, and says what became of it. It makes a customer in the company that NXT_COMPANY_NO names: for a sandbox or a test company.',
    )
    .option('--to <url>', 'the webhook (default: PUBLIC_BASE_URL, or the host on this machine)')
    .option('--crm-id <id>', 'the record’s id in the CRM (default: TRIGGER-1); the same id changes the same customer')
    .option('--no-wait', 'do not wait until it is in sync')
    .action(
      act(
        async (session, flags: JsonFlags & { readonly to?: string; readonly crmId?: string; readonly wait: boolean }) =>
          (await import('../work/trigger.ts')).trigger(session, flags),
      ),
    );
}
