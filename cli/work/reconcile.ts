import { tally } from '../../shared/sync/index.ts';
import type { ExitCode, Session } from '../context.ts';
import type { JsonFlags, WhoFlags } from '../flags.ts';
import { actorOf } from '../selection.ts';
import { jsonLines, table, tallyText } from '../text.ts';

/** One line per difference; 1 when there are any. */
export async function listDifferences(
  { context, operations, goesOn }: Session,
  flags: WhoFlags & JsonFlags,
): Promise<ExitCode> {
  const { out } = context;
  const lines = await (await operations()).reconcile(actorOf(context, flags), goesOn);
  if (flags.json) jsonLines(out, lines);
  else if (lines.length === 0) out('Both sides agree.');
  else {
    const rows = lines.map(({ kind, record = '', associateNos = [], fields = [] }) => [
      kind,
      record,
      associateNos.join(' '),
      fields.join(' '),
    ]);
    out(table(['what', 'record', 'ERP rows', 'fields'], rows));
    out(tallyText(tally(lines.map(({ kind }) => kind))));
    out('`reconcile settle --help` says how each is settled.');
  }
  return lines.length === 0 ? 0 : 1;
}
