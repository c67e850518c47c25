import { rm, writeFile } from 'node:fs/promises';
import { placeOf, type PlannedRow } from '../../shared/import/index.ts';
import { tally } from '../../shared/sync/index.ts';
import { json, table } from '../text.ts';

/** Outcomes that somebody has to look at before `--apply`: the rows would fail or wait. */
const FOR_A_PERSON: ReadonlySet<PlannedRow['outcome']> = new Set(['refused', 'invalid', 'would-wait', 'would-create?']);
const MOST_SHOWN = 50;
const MASKED = '•••';

export const needsPerson = ({ outcome }: PlannedRow): boolean => FOR_A_PERSON.has(outcome);

/** Name of the record on a row, by `<file>:<line>`; absent = masked. */
export type Names = ReadonlyMap<string, string> | undefined;

/** How many rows of each outcome, then the rows that need a person. */
export function planLines(rows: readonly PlannedRow[], names: Names): readonly string[] {
  const counts = Object.entries(tally(rows.map(({ kind, outcome }) => `${kind} ${outcome}`)));
  const open = rows.filter(needsPerson);
  const shown = open.slice(0, MOST_SHOWN);
  return [
    table(
      ['records', 'plan'],
      counts.map(([what, number]) => [String(number), what]),
    ),
    ...columnLines(rows),
    ...warningLines(rows),
    ...(open.length === 0
      ? ['', 'No row needs a person.']
      : [
          '',
          `${open.length} need a person:`,
          table(
            ['where', 'record', 'name', 'plan', 'why', 'ERP rows'],
            shown.map((row) => [
              placeOf(row),
              row.crmId === null ? '-' : `${row.kind}:${row.crmId}`,
              names?.get(placeOf(row)) ?? MASKED,
              row.outcome,
              row.why,
              row.candidates.join(' '),
            ]),
          ),
          ...(open.length > shown.length ? [`… and ${open.length - shown.length} more, in the plan's file.`] : []),
        ]),
  ];
}

/** `40 customers changed: addressLine1 31, postalArea 12`; what is new counts as one. */
function columnLines(rows: readonly PlannedRow[]): readonly string[] {
  const written = rows.filter(({ fields, outcome }) => fields.length > 0 && outcome !== 'would-create');
  const kinds = [...new Set(written.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const some = written.filter((row) => row.kind === kind);
    const columns = Object.entries(tally(some.flatMap(({ fields }) => fields)));
    return `${some.length} ${kind}s changed: ${columns.map(([column, number]) => `${column} ${number}`).join(', ')}`;
  });
}

/** Values that will not arrive as they stand in the file, by column; the plan's file has their lines. */
function warningLines(rows: readonly PlannedRow[]): readonly string[] {
  const counts = Object.entries(tally(rows.flatMap(({ warnings }) => warnings)));
  if (counts.length === 0) return [];
  return [
    '',
    table(
      ['values', 'dropped, or taken as they are'],
      counts.map(([what, number]) => [String(number), what]),
    ),
  ];
}

/** The whole plan as a file that only its owner can read. */
export async function writePlan(file: string, rows: readonly PlannedRow[], names: Names): Promise<void> {
  const content = names === undefined ? rows : rows.map((row) => withValues(row, names));
  // The mode counts for a new file only: one that is there may be open to others.
  await rm(file, { force: true });
  await writeFile(file, `${json(content)}\n`, { mode: 0o600, flag: 'wx' });
}

/** Values are written out only where they were asked for. */
const withValues = (row: PlannedRow, names: NonNullable<Names>): object => ({
  ...row,
  name: names.get(placeOf(row)) ?? null,
  changes: row.changes.map(({ column, from, to }) => ({ column, from: from.reveal(), to: to.reveal() })),
});
