import type { Command } from 'commander';
import type { RecordRef } from '../../shared/record/index.ts';
import type { Tools } from '../context.ts';
import { discardFailures } from '../failed/discard.ts';
import { listRecords } from '../failed/list.ts';
import { addReplayFlags, replayFailures, type ReplayFlags } from '../failed/replay.ts';
import { collectRecord, toSelection } from '../selection.ts';
import { addWho, type WhoFlags } from '../who.ts';

const HELD = 'deletes.held';
const NOTHING_CHOSEN = 'error: name records (contact:P-2001 …) or --all';

/** `deletes list|release|drop`: the deletions above DELETES_PER_HOUR. */
export function registerDeletes(program: Command, { context, act }: Tools): void {
  const deletes = program
    .command('deletes')
    .description('Deletions held because more came in an hour than DELETES_PER_HOUR allows: a mistake in the CRM?');

  deletes
    .command('list')
    .description('Which deletions are held.')
    .option('--json', 'for scripts')
    .action(
      act(async ({ sync }, flags: { readonly json?: boolean }) =>
        listRecords(context, sync, { code: HELD }, flags.json === true),
      ),
    );

  addWho(addReplayFlags(deletes.command('release')))
    .description('Lets them pass: they are carried out in the ERP.')
    .argument('[records...]', 'such as contact:P-2001', collectRecord)
    .option('--all', 'every held deletion')
    .action(
      act(async ({ sync }, refs: readonly RecordRef[] | undefined, flags: ReplayFlags & { readonly all?: boolean }) => {
        const selection = toSelection(refs ?? [], { ...(flags.all && { all: true }) });
        if (selection) {
          const held = { ...selection, code: HELD };
          return replayFailures(context, sync, held, { ...flags, release: true }, 'deletes.release');
        }
        context.err(NOTHING_CHOSEN);
        return 2;
      }),
    );

  addWho(deletes.command('drop'))
    .description('Gives them up: the ERP keeps the rows. The link to the CRM record stays.')
    .argument('[records...]', 'such as contact:P-2001', collectRecord)
    .option('--all', 'every held deletion')
    .option('--yes', 'really do it; without, it says what it would do')
    .option('--json', 'for scripts')
    .action(
      act(
        async (
          { sync },
          refs: readonly RecordRef[] | undefined,
          flags: WhoFlags & { readonly all?: boolean; readonly yes?: boolean; readonly json?: boolean },
        ) => {
          const selection = toSelection(refs ?? [], { ...(flags.all && { all: true }) });
          if (selection) return discardFailures(context, sync, { ...selection, code: HELD }, flags, 'deletes.drop');
          context.err(NOTHING_CHOSEN);
          return 2;
        },
      ),
    );
}
