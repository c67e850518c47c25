import { isDeepStrictEqual } from 'node:util';
import type { Rows } from '../../store/index.ts';
import { chunkRow, chunksOf, PARTITION, type Difference } from './differences.ts';

/** What a person has settled, as far as it is a difference. */
export type SettledDifference =
  | { readonly field: string; readonly record: string }
  | { readonly linked: number; readonly record: string }
  | { readonly unlinked: true; readonly record: string }
  | { readonly line: Difference };

/** Somebody else settles in the same rows: read again, so often. */
const MOST_TRIES = 10;

/** Takes what was settled off the list. Where a new list came meanwhile, what it names is taken off that one. */
export async function takeOff(control: Rows, ...settled: readonly SettledDifference[]): Promise<void> {
  await changeLines(control, (all) => {
    const each = settled.map((one) => leftAfter(one, all));
    return (line) => each.reduce((left: Difference | null, after) => (left === null ? null : after(left)), line);
  });
}

/** The list says of a field what stands there now: a person was told that it is not what was listed. */
export async function markAnew(control: Rows, record: string, field: string, mark: string): Promise<void> {
  await changeLines(
    control,
    () => (line) =>
      line.kind === 'differs' && line.record === record ? { ...line, marks: { ...line.marks, [field]: mark } } : line,
  );
}

type Change = (all: readonly Difference[]) => (line: Difference) => Difference | null;

async function changeLines(control: Rows, change: Change): Promise<void> {
  for (let tries = 0, isDone = false; !isDone && tries < MOST_TRIES; tries += 1) {
    const chunks = await chunksOf(control);
    const left = change(chunks.flatMap(({ lines }) => lines));
    isDone = true;
    for (const { rowKey, etag, lines } of chunks) {
      const row = chunkRow(lines.flatMap((line) => left(line) ?? []));
      if (row.lines === JSON.stringify(lines)) continue;
      const answer = await control.replace({ partitionKey: PARTITION, rowKey }, row, etag);
      isDone &&= answer !== 'conflict';
    }
  }
}

/** What becomes of each line: null = it is settled. */
function leftAfter(settled: SettledDifference, all: readonly Difference[]): (line: Difference) => Difference | null {
  if ('line' in settled) return (line) => (isDeepStrictEqual(line, settled.line) ? null : line);
  const { record } = settled;
  if ('field' in settled) {
    return (line) => {
      if (line.kind !== 'differs' || line.record !== record) return line;
      const fields = line.fields.filter((field) => field !== settled.field);
      return fields.length === 0 ? null : { ...line, fields };
    };
  }
  if ('linked' in settled) {
    return (line) => {
      const isIts = line.record === record && (line.kind === 'gone' || line.kind === 'never-sent');
      return isIts || (line.kind === 'only-in-erp' && line.associateNos.includes(settled.linked)) ? null : line;
    };
  }
  const twice = all.filter(({ kind }) => kind === 'linked-twice');
  const [no] = twice.find((line) => line.record === record)?.associateNos ?? [];
  // Where one other is left, that one has the row alone.
  const others = twice.filter((line) => line.record !== record && line.associateNos[0] === no);
  return (line) => {
    const isIts = line.record === record && (line.kind === 'linked-twice' || line.kind === 'gone');
    return isIts || (others.length === 1 && isDeepStrictEqual(line, others[0])) ? null : line;
  };
}
