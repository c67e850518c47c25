import { cleanLine } from '../record/index.ts';
import type { Encoding } from './encoding.ts';
import { readCsv } from './csv.ts';
import type { Format } from './format.ts';
import { cleanHeaders } from './headers.ts';
import { parseObject, readArray } from './json.ts';
import { readLines } from './text.ts';

/** One row as it stands in the file. */
export interface Cells {
  /** The first line of the file being 1. */
  readonly line: number;
  /** By header; a code when the row as a whole cannot be used. */
  readonly cells: Readonly<Record<string, unknown>> | 'row.malformed' | 'row.columns';
}

export interface CellSource {
  readonly path: string;
  readonly encoding: Encoding;
  readonly format: Format;
}

/** The rows one by one, so that a file of any size fits in memory. */
export async function* readCells(source: CellSource): AsyncGenerator<Cells> {
  const { path, encoding, format } = source;
  if (format.is === 'csv') {
    yield* csvCells(path, encoding, format);
    return;
  }
  for await (const { line, text } of format.is === 'json-array' ? readArray(path, encoding) : lines(path, encoding)) {
    const cells = parseObject(text);
    yield { line, cells: cells === null ? 'row.malformed' : byHeader(Object.entries(cells)) };
  }
}

/** The headers of a file; of JSON the keys of all rows, because a row leaves out what it has no value for. */
export async function readHeaders(source: CellSource): Promise<readonly string[]> {
  const { path, encoding, format } = source;
  if (format.is === 'csv') {
    for await (const { cells } of readCsv(path, encoding, format)) return cleanHeaders(cells);
    return [];
  }
  const keys = new Set<string>();
  for await (const { cells } of readCells(source)) {
    if (typeof cells !== 'string') for (const key of Object.keys(cells)) keys.add(key);
  }
  return [...keys];
}

async function* csvCells(
  path: string,
  encoding: Encoding,
  format: Extract<Format, { is: 'csv' }>,
): AsyncGenerator<Cells> {
  let headers: readonly string[] | undefined;
  for await (const { line, cells } of readCsv(path, encoding, format)) {
    if (headers === undefined) {
      headers = cleanHeaders(cells);
      continue;
    }
    // A delimiter inside a value that has no quotes moves all that follows into the wrong columns.
    // What a spreadsheet leaves behind its last row.
    if (cells.every(isEmptyCell)) continue;
    // Columns without a name may end before the row does, or after.
    const isAligned =
      cells.length >= headers.findLastIndex((header) => header !== '') + 1 &&
      cells.slice(headers.length).every((cell) => cell === '');
    yield { line, cells: isAligned ? byHeader(headers.map((header, index) => [header, cells[index]])) : 'row.columns' };
  }
}

async function* lines(path: string, encoding: Encoding): AsyncGenerator<{ line: number; text: string }> {
  let line = 0;
  for await (const text of readLines(path, encoding)) {
    line += 1;
    if (text.trim() !== '') yield { line, text };
  }
}

/** Of two columns with one header the first that has a value counts. */
function byHeader(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const cells: Record<string, unknown> = {};
  for (const [header, value] of entries) {
    const name = cleanLine(header);
    if (isEmptyCell(cells[name])) cells[name] = value;
  }
  return cells;
}

/** Nothing, or nothing but blanks. */
export const isEmptyCell = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && cleanLine(value) === '');
