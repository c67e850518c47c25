import { discard, type Selection, type SyncDeps } from '../../shared/sync/index.ts';
import type { Context, ExitCode } from '../context.ts';
import { selectionText } from '../selection.ts';
import { count, json, recordText } from '../text.ts';
import { intentOf, type WhoFlags } from '../who.ts';

export interface DiscardFlags extends WhoFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Gives the selected changes up. Without `--yes` it only says which, as a wrong word here cannot be taken back. */
export async function discardFailures(
  context: Context,
  deps: SyncDeps,
  selection: Selection,
  flags: DiscardFlags,
  action = 'failed.discard',
): Promise<ExitCode> {
  const dryRun = flags.yes !== true;
  const noted = async () => {
    const value = await discard(deps, selection, false);
    return { value, count: value.length, results: { discarded: value.length } };
  };
  const refs = dryRun
    ? await discard(deps, selection, true)
    : await deps.audit.during(intentOf(context, flags, action, selectionText(selection)), noted);
  if (flags.json) {
    context.out(json({ dryRun, discarded: refs }));
  } else {
    for (const ref of refs) context.out(recordText(ref));
    if (refs.length === 0) context.out('Nothing to give up: no failed record fits.');
    else if (dryRun) context.out(`${count(refs.length, 'change')} would be given up for good.`);
    else
      context.out(`${count(refs.length, 'change')} given up. The CRM’s next event for a record is applied as usual.`);
  }
  if (!dryRun || refs.length === 0) return 0;
  context.err('Nothing was done: add --yes to give them up.');
  return 2;
}
