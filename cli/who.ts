import type { Command } from 'commander';
import type { AuditIntent } from '../shared/audit/index.ts';
import type { Context } from './context.ts';

export interface WhoFlags {
  readonly by?: string;
  readonly reason?: string;
}

/** Every acting command leaves an audit entry; these say whose it is. */
export const addWho = (command: Command): Command =>
  command
    .option('--by <name>', 'who does this, for the audit list (default: your account on this machine)')
    .option('--reason <text>', 'why, for the audit list; no names or other personal data');

export const intentOf = (
  { user }: Context,
  { by, reason }: WhoFlags,
  action: string,
  selection: string,
): AuditIntent => ({ by: by ?? user, reason: reason ?? '', action, selection });
