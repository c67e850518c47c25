import { recordText, tally, type FieldChoice } from '../../shared/sync/index.ts';
import { UsageError, type ExitCode, type Session } from '../context.ts';
import type { JsonFlags, WhoFlags } from '../flags.ts';
import { actorOf, recordOf } from '../selection.ts';
import { jsonLines, table, tallyText } from '../text.ts';

/** One line per difference; 1 when there are any. */
export async function listDifferences(
  { context, operations }: Session,
  flags: WhoFlags & JsonFlags,
): Promise<ExitCode> {
  const { out } = context;
  const lines = await (await operations()).reconcile(actorOf(context, flags));
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
  }
  return lines.length === 0 ? 0 : 1;
}

const SAID = {
  sent: 'it is on its way.',
  'when-sent': 'the CRM’s value is not known here; it is written when the CRM sends the record again.',
  ignored: 'the difference stays until either value changes.',
} as const;

export async function settleDifference(
  { context, operations }: Session,
  name: string,
  flags: WhoFlags & JsonFlags & { readonly field: string; readonly use?: 'crm' | 'erp'; readonly ignore?: string },
): Promise<ExitCode> {
  const { field, use, ignore } = flags;
  if ((use === undefined) === (ignore === undefined)) {
    throw new UsageError('error: say either --use crm, --use erp or --ignore <reason>');
  }
  const ref = recordOf(name);
  const choice: FieldChoice = use === undefined ? { ignore: true } : { use };
  const actor = actorOf(context, { ...flags, ...(ignore !== undefined && { reason: ignore }) });
  const result = await (await operations()).settleField(ref, field, choice, actor);
  if (flags.json) jsonLines(context.out, [{ ...ref, field, result }]);
  else context.out(`${recordText(ref)} ${field}: ${SAID[result]}`);
  return 0;
}
