import { Command } from 'commander';
import { registerAudit } from './commands/audit.ts';
import { registerDeletes } from './commands/deletes.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerFailed } from './commands/failed.ts';
import { registerImport } from './commands/import.ts';
import { registerPause } from './commands/pause.ts';
import { registerStatus } from './commands/status.ts';
import type { Tools } from './context.ts';

const AFTER = `
Exit codes: 0 fine · 1 something failed or needs a person · 2 the command line is wrong.
Every listing takes --json. Settings come from the environment and from Values in local.settings.json.

A usual day:
  status                                    is everything in sync?
  failed list                               what waits for a person, and what to do about it
  failed replay --code erp.row-refused --dry-run
  failed replay --code erp.row-refused      have them tried again once the cause is mended

docs/operating.md goes through it step by step; docs/failures.md lists every code.`;

/** All commands. Commander's own output and exits are the caller's. */
export function createProgram(tools: Tools): Command {
  const { out, err } = tools.context;
  const withoutLastBreak = (write: (text: string) => void) => (text: string) => write(text.replace(/\n$/, ''));
  const program = new Command('sync')
    .description('Operates the sync from the CRM to Visma Business NXT.')
    .usage('<command> [options]   (npm run sync -- <command>)')
    .addHelpText('after', AFTER)
    .exitOverride()
    .configureOutput({ writeOut: withoutLastBreak(out), writeErr: withoutLastBreak(err) })
    .showHelpAfterError('(--help says what there is)');
  for (const register of [
    registerDoctor,
    registerStatus,
    registerFailed,
    registerDeletes,
    registerPause,
    registerAudit,
    registerImport,
  ]) {
    register(program, tools);
  }
  return program;
}
