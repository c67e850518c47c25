import type { RecordRef } from '../../shared/record/index.ts';
import { recordText, tally } from '../../shared/sync/index.ts';
import type { Context } from '../context.ts';
import { jsonLines, table, tallyText } from '../text.ts';

interface RecordResult {
  readonly ref: RecordRef;
  readonly result: string;
}

/** What became of each record: a line of JSON each, or a table and how many of each result, to which `ends` adds. */
export function sayResults(
  { out }: Pick<Context, 'out'>,
  results: readonly RecordResult[],
  isJson: boolean | undefined,
  { none, ends }: { readonly none: string; readonly ends: string },
): void {
  if (isJson) {
    jsonLines(
      out,
      results.map(({ ref, result }) => ({ ...ref, result })),
    );
    return;
  }
  if (results.length === 0) {
    out(none);
    return;
  }
  out(
    table(
      ['record', 'result'],
      results.map(({ ref, result }) => [recordText(ref), result]),
    ),
  );
  out(`${tallyText(tally(results.map(({ result }) => result)))}${ends}`);
}
