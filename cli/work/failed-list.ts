import { osloTime } from '../../shared/oslo-time.ts';
import { recordText, type FailedRecord, type Selection } from '../../shared/sync/index.ts';
import type { ExitCode, Session } from '../context.ts';
import type { JsonFlags } from '../flags.ts';
import { aboutCode } from '../flow-text.ts';
import { count, jsonLines, since, table } from '../text.ts';

const NOTHING = 'Nothing needs a person.';

/** How many of each code, the largest first, with the fix: the first thing an operator wants to know. */
export async function listGroups(
  { context: { out, now }, operations }: Session,
  selection: Selection,
  { json }: JsonFlags,
): Promise<ExitCode> {
  const { groups } = await (await operations()).failures(selection);
  if (json) {
    jsonLines(
      out,
      groups.map((group) => ({ ...group, ...about(group.code) })),
    );
    return 0;
  }
  if (groups.length === 0) {
    out(NOTHING);
    return 0;
  }
  for (const { code, records, oldest, beingReplayed } of groups) {
    const { meaning, action } = about(code);
    const again = beingReplayed === 0 ? '' : `, ${beingReplayed} of them being replayed`;
    out(`${code}: ${count(records, 'record')}, oldest ${since(oldest, now())}${again}`);
    out(`  ${meaning}\n  fix: ${action}`);
  }
  out('`failed list --all` shows the records, `record customer:C-1001` one of them.');
  return 0;
}

const about = (code: string): { readonly meaning: string; readonly action: string } => {
  const { meaning, action } = aboutCode(code);
  return { meaning, action };
};

/** One line per record. */
export async function listRecords(
  { context: { out }, operations, isVerbose }: Session,
  selection: Selection,
  { json }: JsonFlags,
  nothing = NOTHING,
): Promise<ExitCode> {
  const { records } = await (await operations()).failures(selection);
  if (json) {
    jsonLines(out, records.map(flat));
    return 0;
  }
  if (records.length === 0) {
    out(nothing);
    return 0;
  }
  const headings = ['record', 'code', 'since', 'ERP rows', 'where', 'state'];
  const rows = records.map((row) => [
    recordText(row.ref),
    row.code,
    osloTime(row.since),
    row.candidates.join(' '),
    [...row.pointers, row.detail].filter((text) => text !== '').join(' '),
    stateOf(row),
    ...(isVerbose ? [String(row.count), osloTime(row.lastAt)] : []),
  ]);
  out(table(isVerbose ? [...headings, 'times', 'last'] : headings, rows));
  out(count(records.length, 'record'));
  return 0;
}

function flat({ ref, code, detail, lastAt, candidates, pointers, replayedAt, payloadExpired, ...row }: FailedRecord) {
  const { since: from, count: times } = row;
  return { ...ref, code, detail, since: from, lastAt, count: times, candidates, pointers, replayedAt, payloadExpired };
}

function stateOf({ replayedAt, payloadExpired }: FailedRecord): string {
  if (replayedAt !== '') return 'being replayed';
  return payloadExpired ? 'values deleted: the CRM must send it again' : '';
}
