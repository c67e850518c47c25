import { parseChanges, type Change, type FieldProblem, type Kind } from '../record/index.ts';
import { delimiterOf, readCsv } from './csv.ts';
import { findColumns, ImportFileError, type FileColumns } from './headers.ts';
import { readLines } from './text.ts';

export interface ImportFile {
  readonly path: string;
  readonly columns: FileColumns;
  readonly format: 'csv' | 'jsonl';
  readonly delimiter: string;
}

export interface RowProblem {
  readonly code: string;
  /** The header as it stands in the file; `''` when the row as a whole is meant. */
  readonly column: string;
}

/** One row: a change, or what is wrong with it. */
export type ImportRow =
  | { readonly line: number; readonly change: Change; readonly warnings: readonly RowProblem[] }
  | { readonly line: number; readonly kind: Kind; readonly problems: readonly RowProblem[] };

export interface ReadOptions {
  /** When the file was written: rows without a time of their own happened then. ISO 8601 with offset. */
  readonly exportedAt: string | undefined;
  /** An empty cell clears the ERP's value; else it leaves it. */
  readonly emptyClears: boolean;
}

/** Finds the format, the columns, and so whether the file holds customers or contacts. */
export async function openImportFile(path: string, { exportedAt }: ReadOptions): Promise<ImportFile> {
  const first = await firstOf(readLines(path));
  if (first === undefined || first.trim() === '') throw new ImportFileError(`${path}: the file is empty`);
  const format = first.trimStart().startsWith('{') ? 'jsonl' : 'csv';
  const delimiter = delimiterOf(first);
  const headers = format === 'jsonl' ? await keysOf(path) : ((await firstOf(readCsv(path, delimiter)))?.cells ?? []);
  try {
    const columns = findColumns(
      headers.map((header) => header.trim()),
      exportedAt !== undefined,
    );
    return { path, columns, format, delimiter };
  } catch (error) {
    throw error instanceof ImportFileError ? new ImportFileError(`${path}: ${error.message}`) : error;
  }
}

async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item;
  return undefined;
}

/** The keys of all rows: a row leaves out what it has no value for. */
async function keysOf(path: string): Promise<readonly string[]> {
  const keys = new Set<string>();
  for await (const line of readLines(path)) for (const key of Object.keys(parseObject(line) ?? {})) keys.add(key);
  return [...keys];
}

/** The rows one by one, with their line in the file, so that a file of any size fits in memory. */
export async function* readRows(file: ImportFile, options: ReadOptions, now: Date): AsyncIterable<ImportRow> {
  const { kind } = file.columns;
  for await (const { line, cells } of file.format === 'csv' ? csvRows(file) : jsonRows(file)) {
    if (typeof cells === 'string') yield { line, kind, problems: [{ code: cells, column: '' }] };
    else yield toRow(file.columns, line, cells, options, now);
  }
}

interface Cells {
  readonly line: number;
  /** By header; a code when the row as a whole cannot be used. */
  readonly cells: Readonly<Record<string, unknown>> | 'row.malformed' | 'row.columns';
}

async function* csvRows({ path, delimiter }: ImportFile): AsyncIterable<Cells> {
  let headers: readonly string[] | undefined;
  for await (const { line, cells } of readCsv(path, delimiter)) {
    if (headers === undefined) {
      headers = cells.map((header) => header.trim());
      continue;
    }
    // A delimiter inside a value that has no quotes moves all that follows into the wrong columns.
    const isAligned = cells.length >= headers.length && cells.slice(headers.length).every((cell) => cell === '');
    yield {
      line,
      cells: isAligned ? Object.fromEntries(headers.map((header, index) => [header, cells[index]])) : 'row.columns',
    };
  }
}

async function* jsonRows({ path }: ImportFile): AsyncIterable<Cells> {
  let line = 0;
  for await (const text of readLines(path)) {
    line += 1;
    if (text.trim() !== '') yield { line, cells: trimmed(parseObject(text)) ?? 'row.malformed' };
  }
}

const trimmed = (cells: Record<string, unknown> | null): Record<string, unknown> | null =>
  cells && Object.fromEntries(Object.entries(cells).map(([key, value]) => [key.trim(), value]));

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function toRow(
  { kind, headers }: FileColumns,
  line: number,
  cells: Readonly<Record<string, unknown>>,
  { exportedAt, emptyClears }: ReadOptions,
  now: Date,
): ImportRow {
  const given: Record<string, unknown> = {};
  for (const [field, header] of headers) {
    const value = cells[header];
    const isEmpty = value === undefined || value === null || value === '';
    if (!isEmpty) given[field] = value;
    else if (emptyClears && value === '' && !NOT_CLEARED.has(field)) given[field] = '';
  }
  const { crmId, occurredAt, version, ...data } = given;
  const time = occurredAt ?? exportedAt;
  const event = {
    // Whoever takes the row gives it an id that tells its content (`withContentId`).
    id: 'import',
    type: `${kind}.updated`,
    occurredAt: time,
    ...(version !== undefined && { version: Number(version) }),
    data: { crmId, ...data },
  };
  const columnOf = (pointer: string): string => {
    const field = pointer.split('/').at(-1) ?? '';
    return headers.get(field) ?? field;
  };
  const inColumns = (problems: readonly FieldProblem[]): readonly RowProblem[] =>
    problems.map(({ code, pointer }) => ({ code, column: columnOf(pointer) }));
  const refused = (problems: readonly FieldProblem[]): ImportRow => ({ line, kind, problems: inColumns(problems) });
  const parsed = parseChanges(event, now);
  if (!parsed.ok) return refused(parsed.tooMany ? [] : parsed.problems);
  const [change] = parsed.changes;
  if (change === undefined) return refused([]);
  return change.body.op === 'invalid'
    ? refused(change.body.problems)
    : { line, change, warnings: inColumns(change.warnings) };
}

/** Numbers, ids and times have no empty value. */
const NOT_CLEARED: ReadonlySet<string> = new Set([
  'customerNumber',
  'actorNumber',
  'relatedCustomerActorNumber',
  'relatedCustomerCrmId',
  'crmId',
  'version',
  'occurredAt',
]);
