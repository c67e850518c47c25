import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import {
  addFilters,
  addJson,
  addRecords,
  addReplayFlags,
  addWho,
  type DiscardFlags,
  type JsonFlags,
  type ReplayFlags,
  type SelectionFlags,
} from '../flags.ts';

const HINT = 'records (customer:C-1001 …), --code, --older-than or --all';

/** `failed list|show|replay|discard` */
export function registerFailed(program: Command, tools: Tools): void {
  const failed = program
    .command('failed')
    .description('Changes that need a person: listed, looked at, tried again or given up.');
  registerList(failed, tools);
  registerShow(failed, tools);
  registerReplay(failed, tools);
  registerDiscard(failed, tools);
}

function registerList(failed: Command, { act }: Tools): void {
  addJson(addFilters(failed.command('list')))
    .description('How many of each code, since when, and the fix.')
    .option('--all', 'one line per record instead')
    .action(
      act(async (session, flags: SelectionFlags & JsonFlags) => {
        const [{ toSelection }, { listGroups, listRecords }] = await Promise.all([
          import('../selection.ts'),
          import('../work/failed-list.ts'),
        ]);
        return (flags.all ? listRecords : listGroups)(session, toSelection([], flags) ?? {}, flags);
      }),
    );
}

function registerShow(failed: Command, { act }: Tools): void {
  addJson(failed.command('show'))
    .description('The same as `record`.')
    .argument('<record>', 'such as customer:C-1001, or customer C-1001')
    .argument('[crmId]', 'its id in the CRM')
    .action(
      act(async (session, name: string, crmId: string | undefined, flags: JsonFlags) =>
        (await import('../work/record.ts')).showRecord(session, crmId === undefined ? name : `${name}:${crmId}`, flags),
      ),
    );
}

function registerReplay(failed: Command, { act }: Tools): void {
  addWho(addReplayFlags(addFilters(addRecords(failed.command('replay')))))
    .description(
      'Has records tried again with their newest state, once the cause is mended. An old state never comes back: what was superseded is said to be. Interrupted, it can simply be run again.',
    )
    .option('--all', 'every failed record')
    .option('--release', 'let held deletions pass the deletion limit, and lost links (link.gone) be made anew')
    .option('--create', 'each is a record of its own, whatever rows look like it: make a row for it')
    .addHelpText(
      'after',
      `
Examples:
  failed replay customer:C-1001
  failed replay --code erp.row-refused --dry-run
  failed replay customer:C-1001 --create
  failed replay --all --cap 100 --reason "VAT code mended in NXT"`,
    )
    .action(
      act(async (session, records: readonly string[], flags: ReplayFlags & SelectionFlags) => {
        const [{ chosen }, { replayFailures }] = await Promise.all([
          import('../selection.ts'),
          import('../work/failed-replay.ts'),
        ]);
        return replayFailures(session, chosen(records, flags, HINT), flags);
      }),
    );
}

function registerDiscard(failed: Command, { act }: Tools): void {
  addWho(addJson(addFilters(addRecords(failed.command('discard')))))
    .description(
      'Gives changes up for good: their values are deleted and the ERP stays as it is. The audit list keeps who and why.',
    )
    .option('--all', 'every failed record')
    .option('--yes', 'really do it; without, it says what it would do')
    .action(
      act(async (session, records: readonly string[], flags: DiscardFlags & SelectionFlags) => {
        const [{ chosen }, { discardFailures }] = await Promise.all([
          import('../selection.ts'),
          import('../work/failed-discard.ts'),
        ]);
        return discardFailures(session, chosen(records, flags, HINT), flags);
      }),
    );
}
