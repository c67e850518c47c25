import { delimiterOf } from './csv.ts';
import type { Encoding } from './encoding.ts';
import { ImportFileError } from './headers.ts';
import { parseObject } from './json.ts';
import { readLines } from './text.ts';

/** How the rows of a file are told apart. */
export type Format =
  | { readonly is: 'csv'; readonly delimiter: string; readonly headerLine: number }
  | { readonly is: 'json-lines' }
  | { readonly is: 'json-array' };

/** A spreadsheet's first line that names the separator: `sep=;`. */
const SEPARATOR = /^\s*"?sep=(.)"?[;,\t\s]*$/i;

/** By the first line that says something. @throws ImportFileError when there is none. */
export async function formatOf(path: string, encoding: Encoding): Promise<Format> {
  let line = 0;
  let named: string | undefined;
  for await (const text of readLines(path, encoding)) {
    line += 1;
    if (text.trim() === '') continue;
    if (named === undefined && SEPARATOR.test(text)) {
      named = SEPARATOR.exec(text)?.[1];
      continue;
    }
    if (named === undefined && text.trimStart().startsWith('[')) return { is: 'json-array' };
    if (named === undefined && text.trimStart().startsWith('{')) {
      if (parseObject(text) !== null) return { is: 'json-lines' };
      throw new ImportFileError(`${path}: expected JSON Lines, one object a line, or one JSON array of objects`);
    }
    return { is: 'csv', delimiter: named ?? delimiterOf(text), headerLine: line };
  }
  throw new ImportFileError(`${path}: the file is empty`);
}
