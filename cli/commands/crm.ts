import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson, type JsonFlags, type TryFlags } from '../flags.ts';

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `crm setup`, `crm try` */
export function registerCrm(program: Command, { act }: Tools): void {
  const crm = program.command('crm').description('Connects the CRM that CRM_ADAPTER names.');
  addJson(crm.command('setup'))
    .description('Makes the fields in the CRM that numbers are written to, and says what is left to do there by hand.')
    .action(act(async (session, flags: JsonFlags) => (await import('../work/crm-setup.ts')).setUpCrm(session, flags)));
  addJson(crm.command('try'))
    .argument('<payload.json>', 'a request of the CRM, as it came')
    .description(
      'Shows what an example of the CRM’s webhook becomes. Nothing is sent or stored. It shows the values in the file: use made-up ones.',
    )
    .option('--header <name: value>', 'a header of the request; may be given several times', collect, [])
    .option('--mapping <file>', 'a mapping to try, in place of CRM_MAPPING')
    .action(
      act(async (session, file: string, flags: TryFlags) =>
        (await import('../work/crm-try.ts')).tryPayload(session, file, flags),
      ),
    );
}
