import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson } from '../flags.ts';

/** `doctor` */
export function registerDoctor(program: Command, { act }: Tools): void {
  addJson(program.command('doctor'))
    .description(
      'Checks the set-up step by step: settings, storage, clock, secrets (never shown), token, schema, company, CRM. It writes nothing to the ERP. Run it after every change of settings.',
    )
    .option('--probe', 'print the ERP’s undocumented facts, read-only, for an issue or for Visma’s support')
    .action(
      act(async (session, flags: { readonly json?: boolean; readonly probe?: boolean }) =>
        (await import('../work/doctor.ts')).runDoctor(session, flags),
      ),
    );
}
