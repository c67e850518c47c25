import { osloTime } from '../../shared/oslo-time.ts';
import {
  recordText,
  type FailedRecord,
  type FailureGroup,
  type OpenFields,
  type Selection,
} from '../../shared/sync/index.ts';
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
  const asked = await operations();
  const { groups: failures } = await asked.failures(selection);
  const groups = [...failures, ...groupsOfFields(await asked.openFields(selection))];
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

/** Fields that wait for a person, as failures are grouped. */
const groupsOfFields = (fields: readonly OpenFields[]): readonly FailureGroup[] =>
  [...Map.groupBy(fields, ({ code }) => code)].flatMap(([code, members]) =>
    code === 'to-crm'
      ? []
      : [
          {
            code,
            records: members.length,
            oldest: members.map((each) => each.since).reduce((a, b) => (a < b ? a : b)),
            beingReplayed: 0,
          },
        ],
  );

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
  const asked = await operations();
  const { records } = await asked.failures(selection);
  const fields = (await asked.openFields(selection)).filter(({ code }) => code !== 'to-crm');
  if (json) {
    jsonLines(out, [
      ...records.map(flat),
      ...fields.map(({ ref, code, fields: names, since: from }) => ({ ...ref, code, fields: names, since: from })),
    ]);
    return 0;
  }
  if (records.length + fields.length === 0) {
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
  for (const { ref, code, fields: names, since: from } of fields) {
    rows.push([recordText(ref), code, osloTime(from), '', names.join(' '), '']);
  }
  out(table(isVerbose ? [...headings, 'times', 'last'] : headings, rows));
  out(count(rows.length, 'record'));
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
