import { Command } from 'commander';
import { registerAudit } from './commands/audit.ts';
import { registerCrm } from './commands/crm.ts';
import { registerDeletes } from './commands/deletes.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerFailed } from './commands/failed.ts';
import { registerImport } from './commands/import.ts';
import { registerLink } from './commands/link.ts';
import { registerPause } from './commands/pause.ts';
import { registerPlanned } from './commands/planned.ts';
import { registerPrivacy } from './commands/privacy.ts';
import { registerReconcile } from './commands/reconcile.ts';
import { registerRecord } from './commands/record.ts';
import { registerStatus } from './commands/status.ts';
import { registerTrigger } from './commands/trigger.ts';
import { registerWaiting } from './commands/waiting.ts';
import type { Tools } from './context.ts';

const AFTER = `
Exit codes: 0 fine · 1 something needs a person or did not work · 2 the command line is wrong.
Every listing takes --json: one object a line. Times are Norwegian; in JSON they are UTC.
Settings come from the environment, from Values in local.settings.json, or from a running npm start.

A usual day:
  status                                      is everything in sync?
  failed list                                 what needs a person, and the fix
  record customer:C-1001                      what happened to one record
  failed replay --code erp.row-refused --dry-run
  failed replay --code erp.row-refused        have them tried again once the cause is mended
  link customer:C-1001 10042                  this record is that row of the ERP
  waiting list                                what waits, why, and until when

docs/operating.md goes through it step by step; docs/failures.md lists every code.`;

/** All commands. Their work is loaded when they run: help is at hand at once. Commander's output is the caller's. */
export function createProgram(tools: Tools): Command {
  const { out, err } = tools.context;
  const withoutLastBreak = (write: (text: string) => void) => (text: string) => write(text.replace(/\n$/, ''));
  const program = new Command('sync')
    .description('Operates the sync from the CRM to Visma Business NXT.')
    .usage('<command> [options]   (npm run sync -- <command>)')
    .option('--verbose', 'everything there is to say')
    .option('--url <url>', 'act through the deployed app at this address, signed in with `az login`')
    .addHelpText('after', AFTER)
    .exitOverride()
    .configureOutput({ writeOut: withoutLastBreak(out), writeErr: withoutLastBreak(err) })
    .showHelpAfterError('(--help says what there is)');
  for (const register of [
    registerStatus,
    registerRecord,
    registerFailed,
    registerLink,
    registerWaiting,
    registerPlanned,
    registerReconcile,
    registerDeletes,
    registerPause,
    registerPrivacy,
    registerAudit,
    registerImport,
    registerTrigger,
    registerCrm,
    registerDoctor,
  ]) {
    register(program, tools);
  }
  return program;
}
