import { InvalidArgumentError, type Command } from 'commander';
import type { ReconcileKind } from '../shared/sync/index.ts';

// Read while the command line is parsed: nothing heavy may be imported here.

/** As the commands' flags give it. */
export interface SelectionFlags {
  readonly code?: string;
  /** Hours. */
  readonly olderThan?: number;
  readonly all?: boolean;
}

export interface JsonFlags {
  readonly json?: boolean;
}

export interface WhoFlags {
  readonly by?: string;
  readonly reason?: string;
}

/** Of `reconcile settle`. */
export interface SettleFlags extends WhoFlags, JsonFlags {
  readonly field?: string;
  readonly kind?: ReconcileKind;
  readonly use?: 'crm' | 'erp';
  readonly ignore?: string;
  /** A record, or a row of the ERP. */
  readonly link?: string;
  readonly unlink?: boolean;
  readonly all?: boolean;
  readonly cap?: number;
  readonly yes?: boolean;
}

export interface LinkFlags extends WhoFlags {
  /** `true`: every field; else names with commas between them. */
  readonly keepErp?: string | true;
}

export interface ReplayFlags extends WhoFlags, JsonFlags {
  readonly dryRun?: boolean;
  readonly cap?: number;
  readonly rate: number;
  readonly release?: boolean;
  readonly create?: boolean;
}

export interface PlannedFlags extends WhoFlags, JsonFlags {
  /** Hours. */
  readonly olderThan?: number;
  readonly csv?: boolean;
  readonly showValues?: boolean;
  readonly cap?: number;
}

export interface DiscardFlags extends WhoFlags, JsonFlags {
  readonly yes?: boolean;
}

export interface ImportFlags extends JsonFlags {
  /** True, or the file of the plan that was approved. */
  readonly plan?: boolean | string;
  readonly accept?: string;
  readonly acceptNew?: boolean;
  readonly csv?: string;
  readonly apply?: boolean;
  readonly exportedAt?: string;
  readonly emptyClears?: boolean;
  readonly customers?: boolean;
  readonly contacts?: boolean;
  readonly out?: string;
  readonly showValues?: boolean;
}

const HOURS: Readonly<Record<string, number>> = { m: 1 / 60, h: 1, d: 24 };

/** `30m`, `24h`, `7d` as hours. */
export function hours(text: string): number {
  const [, number, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const perUnit = HOURS[unit];
  if (number === undefined || perUnit === undefined) throw new InvalidArgumentError('Write it as 30m, 24h or 7d.');
  return Number(number) * perUnit;
}

export function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('A whole number from 1.');
  return Number(text);
}

export const addJson = (command: Command): Command => command.option('--json', 'for scripts: one object a line');

export const addRecords = (command: Command): Command =>
  command.argument('[records...]', 'such as customer:C-1001 contact:P-2001');

export const addFilters = (command: Command): Command =>
  command
    .option('--code <code>', 'only this code, such as match.ambiguous (docs/failures.md)')
    .option('--older-than <time>', 'for at least so long: 30m, 24h, 7d', hours);

/** Every acting command leaves an audit entry; these say whose it is. */
export const addWho = (command: Command): Command =>
  command
    .option('--by <name>', 'who does this, for the audit list (default: your account on this machine)')
    .option('--reason <text>', 'why, for the audit list; no names or other personal data');

const DEFAULT_RATE = 20;

export const addReplayFlags = (command: Command): Command =>
  addJson(command)
    .option('--dry-run', 'say what would happen, change nothing')
    .option('--cap <n>', 'replay at most so many records; run it again for the rest', atLeastOne)
    .option(
      '--rate <per-second>',
      'so many records a second; the ERP’s own limit holds besides',
      atLeastOne,
      DEFAULT_RATE,
    );

/** Of `crm try`. */
export interface TryFlags extends JsonFlags {
  readonly header: readonly string[];
  /** A file. */
  readonly mapping?: string;
}
