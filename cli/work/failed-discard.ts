import { recordText, type Selection } from '../../shared/sync/index.ts';
import type { ExitCode, Session } from '../context.ts';
import type { DiscardFlags } from '../flags.ts';
import { actorOf } from '../selection.ts';
import { count, jsonLines } from '../text.ts';

/** Gives the selected changes up. Without `--yes` it only says which, as a wrong word here cannot be taken back. */
export async function discardFailures(
  { context, operations }: Session,
  selection: Selection,
  flags: DiscardFlags,
  action = 'failed.discard',
): Promise<ExitCode> {
  const { out, err } = context;
  const dryRun = flags.yes !== true;
  const refs = await (await operations()).discard({ selection, dryRun, action }, actorOf(context, flags));
  if (flags.json) {
    jsonLines(
      out,
      refs.map((ref) => ({ ...ref, result: dryRun ? 'would-discard' : 'discarded' })),
    );
  } else {
    for (const ref of refs) out(recordText(ref));
    if (refs.length === 0) out('Nothing to give up: no record that needs a person fits.');
    else if (dryRun) out(`${count(refs.length, 'change')} would be given up for good.`);
    else out(`${count(refs.length, 'change')} given up. The CRM’s next event for a record is applied as usual.`);
  }
  if (!dryRun || refs.length === 0) return 0;
  err('Nothing was done: add --yes to give them up.');
  return 2;
}
