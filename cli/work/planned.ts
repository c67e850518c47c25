import { osloTime } from '../../shared/oslo-time.ts';
import { recordText } from '../../shared/sync/index.ts';
import type { ExitCode, Session } from '../context.ts';
import type { JsonFlags } from '../flags.ts';
import { toSelection } from '../selection.ts';
import { count, jsonLines, table } from '../text.ts';

export async function listPlanned(
  { context: { out }, operations }: Session,
  records: readonly string[],
  { json, csv }: JsonFlags & { readonly csv?: boolean },
): Promise<ExitCode> {
  const planned = await (await operations()).planned(toSelection(records, {}) ?? {});
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
