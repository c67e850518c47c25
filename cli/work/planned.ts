import type { ExitCode, Session } from '../context.ts';
import type { JsonFlags, SelectionFlags, WhoFlags } from '../flags.ts';
import { actorOf, chosen } from '../selection.ts';
import { sayResults } from './record-results.ts';

/** Has planned changes written although the mode is `plan`. */
export async function applyPlanned(
  { context, operations }: Session,
  records: readonly string[],
  flags: SelectionFlags & WhoFlags & JsonFlags & { readonly dryRun?: boolean },
): Promise<ExitCode> {
  const selection = chosen(records, flags, 'records (customer:C-1001 …), --older-than or --all');
  const dryRun = flags.dryRun === true;
  const results = await (await operations()).applyPlanned({ selection, dryRun }, actorOf(context, flags));
  sayResults(context, results, flags.json, {
    none: 'Nothing to apply: nothing planned fits.',
    ends: dryRun ? '. Nothing was changed.' : '; `status` shows when they are in sync.',
  });
  return 0;
}
