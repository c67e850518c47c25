import type { Command } from 'commander';
import type { RecordRef } from '../../shared/record/index.ts';
import type { Tools } from '../context.ts';
import { discardFailures, type DiscardFlags } from '../failed/discard.ts';
import { listGroups, listRecords } from '../failed/list.ts';
import { addReplayFlags, replayFailures, type ReplayFlags } from '../failed/replay.ts';
import { showRecord } from '../failed/show.ts';
import {
  collectRecord,
  failureCode,
  hours,
  parseRecord,
  RECORD_HINT,
  toSelection,
  type SelectionFlags,
} from '../selection.ts';
import { addWho } from '../who.ts';

const NOTHING_CHOSEN = 'error: name records (customer:C-1001 …), --code, --older-than or --all';

interface ListFlags extends SelectionFlags {
  readonly json?: boolean;
}

/** `failed list|show|replay|discard` */
export function registerFailed(program: Command, tools: Tools): void {
  const failed = program
    .command('failed')
    .description('Changes that wait for a person: listed, looked at, tried again or given up.');
  registerList(failed, tools);
  registerShow(failed, tools);
  registerReplay(failed, tools);
  registerDiscard(failed, tools);
}

const addFilters = (command: Command): Command =>
  command
    .option('--code <code>', 'only this code, such as match.ambiguous (docs/failures.md)', failureCode)
    .option('--older-than <time>', 'failed for at least so long: 30m, 24h, 7d', hours);

const addRecords = (command: Command): Command =>
  command.argument('[records...]', 'such as customer:C-1001 contact:P-2001', collectRecord);

function registerList(failed: Command, { context, act }: Tools): void {
  addFilters(failed.command('list'))
    .description('How many of each code, since when, and what to do about it.')
    .option('--all', 'one line per record instead')
    .option('--json', 'for scripts')
    .action(
      act(async ({ sync }, flags: ListFlags) => {
        const list = flags.all ? listRecords : listGroups;
        return list(context, sync, toSelection([], flags) ?? {}, flags.json === true);
      }),
    );
}

function registerShow(failed: Command, { context, act }: Tools): void {
  failed
    .command('show')
    .description('Everything known of a record but its values: why it failed, its numbers, versions and times.')
    .argument('<kind>', 'customer or contact')
    .argument('[crmId]', 'its id in the CRM')
    .option('--json', 'for scripts')
    .action(
      act(async ({ sync }, name: string, crmId: string | undefined, flags: { readonly json?: boolean }) => {
        const ref = parseRecord(crmId === undefined ? name : `${name}:${crmId}`);
        if (ref) return showRecord(context, sync, ref, flags.json === true);
        context.err(`error: ${RECORD_HINT}`);
        return 2;
      }),
    );
}

function registerReplay(failed: Command, { context, act }: Tools): void {
  addWho(addReplayFlags(addFilters(addRecords(failed.command('replay')))))
    .description(
      'Has records tried again with their newest state, once the cause is mended. An old state never comes back: what was superseded is said to be. Interrupted, it can simply be run again.',
    )
    .option('--all', 'every failed record')
    .option('--release', 'let held deletions pass the brake, and lost links (link.gone) be made anew')
    .action(
      act(async ({ sync }, refs: readonly RecordRef[] | undefined, flags: ReplayFlags & SelectionFlags) => {
        const selection = toSelection(refs ?? [], flags);
        if (selection) return replayFailures(context, sync, selection, flags);
        context.err(NOTHING_CHOSEN);
        return 2;
      }),
    );
}

function registerDiscard(failed: Command, { context, act }: Tools): void {
  addWho(addFilters(addRecords(failed.command('discard'))))
    .description(
      'Gives changes up for good: their values are deleted and the ERP stays as it is. The audit list keeps who and why.',
    )
    .option('--all', 'every failed record')
    .option('--yes', 'really do it; without, it says what it would do')
    .option('--json', 'for scripts')
    .action(
      act(async ({ sync }, refs: readonly RecordRef[] | undefined, flags: DiscardFlags & SelectionFlags) => {
        const selection = toSelection(refs ?? [], flags);
        if (selection) return discardFailures(context, sync, selection, flags);
        context.err(NOTHING_CHOSEN);
        return 2;
      }),
    );
}
