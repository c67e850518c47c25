import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { checkLines, type Check } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { UNVERIFIED } from '../doctor/unverified.ts';
import { json } from '../text.ts';

/** `doctor` */
export function registerDoctor(program: Command, { context, act }: Tools): void {
  program
    .command('doctor')
    .description(
      'Checks the set-up step by step: settings, storage, secrets (never shown), token, schema, company, flow. It writes nothing to the ERP. Run it after every change of settings.',
    )
    .option('--json', 'for scripts')
    .action(
      act(async (runtime, flags: { readonly json?: boolean }) => {
        const checks: Check[] = [];
        for await (const check of examine(runtime)) {
          checks.push(check);
          if (!flags.json) context.out(checkLines(check).join('\n'));
        }
        const isBad = checks.some(({ is }) => is === 'bad');
        if (flags.json) {
          context.out(json({ checks, unverified: UNVERIFIED }));
        } else {
          context.out('\nNot verified about Visma Business NXT, and what this program does about it:');
          for (const { fact, handling } of UNVERIFIED) context.out(`? ${fact}\n    ${handling}`);
          context.out(isBad ? '\nSomething is wrong: see ✗ above.' : '\nAll checks passed.');
        }
        return isBad ? 1 : 0;
      }),
    );
}
