import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Failure } from '../../failure.ts';
import type { Rows } from '../../store/index.ts';
import { PARTITION, type Difference, type Differences } from './differences.ts';
import { WHOLE_LINE } from './marks.ts';
import type { FoundLine, ReconcileKind } from './reconcile.ts';

/** Which line of the last comparison: its kind with its record, or with its rows where it has none. */
export interface LineName {
  readonly kind: ReconcileKind;
  /** `customer:C-1001`; `''` where no record has to do with it. */
  readonly record: string;
  readonly associateNos: readonly number[];
}

const PREFIX = 'ignored|';
const columns = z.object({ rowKey: z.string(), mark: z.string() });

/** A line whose record is known is named by it alone. */
const subjectOf = ({ kind, record = '', associateNos = [] }: Partial<LineName> & Pick<LineName, 'kind'>): string => {
  const name = record === '' ? associateNos.join(' ') : record;
  return `${PREFIX}${kind}|${createHash('sha256').update(name).digest('base64url').slice(0, 22)}`;
};

/** Lines that people let be: the mark of what was compared, by the name of the line. */
export async function readLetBe(control: Rows): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>();
  for await (const entity of control.range(PARTITION, PREFIX, `${PREFIX}~`)) {
    const { rowKey, mark } = columns.parse(entity);
    marks.set(rowKey, mark);
  }
  return marks;
}

/** What was found, without what is let be and is still what it was. */
export const withoutLetBe = (found: readonly FoundLine[], letBe: ReadonlyMap<string, string>): readonly FoundLine[] =>
  letBe.size === 0
    ? found
    : found.filter((line) => line.kind === 'differs' || letBe.get(subjectOf(line)) !== line.marks[WHOLE_LINE]);

/** Notes of differences that are there no more, or are others by now, go. */
export async function forgetLetBe(
  control: Rows,
  found: readonly FoundLine[],
  letBe: ReadonlyMap<string, string>,
): Promise<void> {
  // Where the CRM offers no list, nothing is known of what it never sent.
  const kinds = found.some(({ kind }) => kind === 'never-sent') ? [''] : ['', `${PREFIX}never-sent|`];
  const still = new Map(found.map((line) => [subjectOf(line), line.marks[WHOLE_LINE]]));
  for (const [rowKey, mark] of letBe) {
    if (still.get(rowKey) === mark || kinds.some((kind) => kind !== '' && rowKey.startsWith(kind))) continue;
    await control.remove({ partitionKey: PARTITION, rowKey });
  }
}

/**
 * The line of the last comparison that is named so.
 * @throws Failure `difference.none` where it is not on the list
 */
export function lineNamed(last: Pick<Differences, 'lines'> | null, name: LineName): Difference {
  const line = last?.lines.find((each) => subjectOf(each) === subjectOf(name));
  if (!line) throw new Failure('difference.none');
  return line;
}

/** A person lets a difference be, as it was found. When what was compared changes, it is listed again. */
export async function letBe(control: Rows, line: Difference): Promise<void> {
  const row = { mark: line.marks[WHOLE_LINE] ?? '' };
  await control.save([{ do: 'put', at: { partitionKey: PARTITION, rowKey: subjectOf(line) }, row }]);
}
