import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import {
  addJson,
  addRecords,
  addReplayFlags,
  addWho,
  type DiscardFlags,
  type JsonFlags,
  type ReplayFlags,
} from '../flags.ts';

const HELD = 'deletes.held';
const HINT = 'records (contact:P-2001 …) or --all';

/** `deletes list|release|drop`: the deletions above the deletion limit, DELETES_PER_HOUR. */
export function registerDeletes(program: Command, { act }: Tools): void {
  const deletes = program
    .command('deletes')
    .description('Deletions above the deletion limit (DELETES_PER_HOUR): a mistake in the CRM?');

  addJson(deletes.command('list'))
    .description('Which deletions are held.')
    .action(
      act(async (session, flags: JsonFlags) =>
        (await import('../work/failed-list.ts')).listRecords(session, { code: HELD }, flags, 'No deletion is held.'),
      ),
    );

  addWho(addReplayFlags(addRecords(deletes.command('release'))))
    .description('Lets them pass: they are carried out in the ERP.')
    .option('--all', 'every held deletion')
    .action(
      act(async (session, records: readonly string[], flags: ReplayFlags & { readonly all?: boolean }) => {
        const [{ chosen }, { replayFailures }] = await Promise.all([
          import('../selection.ts'),
          import('../work/failed-replay.ts'),
        ]);
        const selection = { ...chosen(records, { ...(flags.all && { all: true }) }, HINT), code: HELD };
        return replayFailures(session, selection, { ...flags, release: true }, 'deletes.release');
      }),
    );

  addWho(addJson(addRecords(deletes.command('drop'))))
    .description('Gives them up: the ERP keeps the rows. The link to the CRM record stays.')
    .option('--all', 'every held deletion')
    .option('--yes', 'really do it; without, it says what it would do')
    .action(
      act(async (session, records: readonly string[], flags: DiscardFlags & { readonly all?: boolean }) => {
        const [{ chosen }, { discardFailures }] = await Promise.all([
          import('../selection.ts'),
          import('../work/failed-discard.ts'),
        ]);
        const selection = { ...chosen(records, { ...(flags.all && { all: true }) }, HINT), code: HELD };
        return discardFailures(session, selection, flags, 'deletes.drop');
      }),
    );
}
