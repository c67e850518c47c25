import { osloTime } from '../../shared/oslo-time.ts';
import { recordText } from '../../shared/sync/index.ts';
import type { ExitCode, Session } from '../context.ts';
import type { JsonFlags, SelectionFlags, WhoFlags } from '../flags.ts';
import { actorOf, chosen, toSelection } from '../selection.ts';
import { count, jsonLines, table } from '../text.ts';
import { sayResults } from './record-results.ts';

export async function listPlanned(
  { context: { out }, operations }: Session,
  records: readonly string[],
  { json, csv }: JsonFlags & { readonly csv?: boolean },
): Promise<ExitCode> {
  const { items: planned } = await (await operations()).planned(toSelection(records, {}) ?? {});
  if (json) {
    jsonLines(
      out,
      planned.map(({ ref, since }) => ({ ...ref, since })),
    );
  } else if (csv) {
    out(`\ufeffkind;crmId;since\n${planned.map(({ ref, since }) => `${ref.kind};${ref.crmId};${since}`).join('\n')}`);
  } else if (planned.length === 0) {
    out('Nothing is planned.');
  } else {
    out(
      table(
        ['record', 'since'],
        planned.map(({ ref, since }) => [recordText(ref), osloTime(since)]),
      ),
    );
    out(count(planned.length, 'change'));
  }
  return 0;
}

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
