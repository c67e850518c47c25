import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { parseChanges, type Change, type Kind } from '../change/index.ts';
import { findColumns, ImportFileError, type FileColumns, type ImportField } from './headers.ts';

export interface ImportFile {
  readonly path: string;
  readonly columns: FileColumns;
  readonly format: 'csv' | 'jsonl';
  readonly delimiter: string;
}

/** One row: a change, or what is wrong with it, by the header as it stands in the file. */
export type ImportRow =
  | { readonly line: number; readonly change: Change }
  | {
      readonly line: number;
      readonly kind: Kind;
      readonly problems: readonly { readonly code: string; readonly column: string }[];
    };

export interface ReadOptions {
  /** When the file was written: rows without a time of their own happened then. ISO 8601 with offset. */
  readonly exportedAt: string | undefined;
  /** An empty cell clears the ERP's value; else it leaves it. */
  readonly emptyClears: boolean;
}

/** Looks at the first line: the format, the columns, and so whether it holds customers or contacts. */
export async function openImportFile(path: string, { exportedAt }: ReadOptions): Promise<ImportFile> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let first = '';
  for await (const line of lines) {
    first = line.replace(/^\uFEFF/, '');
    break;
  }
  if (first.trim() === '') throw new ImportFileError(`${path}: the file is empty`);
  const isJson = first.trimStart().startsWith('{');
  const delimiter = [';', '\t', ','].reduce((best, each) =>
    first.split(each).length > first.split(best).length ? each : best,
  );
  const headers = isJson
    ? Object.keys(parseObject(first))
    : first.split(delimiter).map((name) => name.replace(/^"|"$/g, '').trim());
  try {
    return {
      path,
      columns: findColumns(headers, exportedAt !== undefined),
      format: isJson ? 'jsonl' : 'csv',
      delimiter,
    };
  } catch (error) {
    throw error instanceof ImportFileError ? new ImportFileError(`${path}: ${error.message}`) : error;
  }
}

/** The rows one by one, with their line in the file, so that a file of any size fits in memory. */
export async function* readRows(file: ImportFile, options: ReadOptions, now: Date): AsyncIterable<ImportRow> {
  for await (const { line, cells } of file.format === 'csv' ? csvRows(file) : jsonRows(file)) {
    yield toRow(file.columns, line, cells, options, now);
  }
}

interface Cells {
  readonly line: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

async function* csvRows({ path, delimiter }: ImportFile): AsyncIterable<Cells> {
  const parser = createReadStream(path).pipe(
    parse({
      bom: true,
      columns: (headers: string[]) => headers.map((header) => header.trim()),
      delimiter,
      info: true,
      skipEmptyLines: true,
      relaxColumnCount: true,
    }),
  );
  for await (const { record, info } of parser as AsyncIterable<{
    record: Record<string, unknown>;
    info: { lines: number };
  }>) {
    yield { line: info.lines, cells: record };
  }
}

async function* jsonRows({ path }: ImportFile): AsyncIterable<Cells> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() !== '') yield { line, cells: parseObject(text) };
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function toRow(
  { kind, headers }: FileColumns,
  line: number,
  cells: Cells['cells'],
  { exportedAt, emptyClears }: ReadOptions,
  now: Date,
): ImportRow {
  const given = new Map<ImportField, unknown>();
  for (const [field, header] of headers) {
    const value = cells[header];
    const isEmpty = value === undefined || value === null || value === '';
    if (!isEmpty) given.set(field, value);
    else if (emptyClears && value === '' && !NUMBERS.has(field)) given.set(field, '');
  }
  const { crmId, occurredAt, version, ...data } = Object.fromEntries(given) as Partial<Record<ImportField, unknown>>;
  const time = occurredAt ?? exportedAt;
  const order = version === undefined ? {} : { version: Number(version) };
  const event = {
    // The same row of the same export is the same event, however often it is imported.
    id: `import:${JSON.stringify([crmId, time])}`.slice(0, 128),
    type: `${kind}.updated`,
    occurredAt: time,
    ...order,
    data: { crmId, ...data },
  };
  const parsed = parseChanges(event, now);
  const columnOf = (pointer: string): string => {
    const field = pointer.split('/').at(-1) as ImportField;
    return headers.get(field) ?? field;
  };
  if (!parsed.ok) {
    const problems = parsed.tooMany ? [] : parsed.problems;
    return { line, kind, problems: problems.map(({ code, pointer }) => ({ code, column: columnOf(pointer) })) };
  }
  const [change] = parsed.changes;
  if (!change) return { line, kind, problems: [] };
  if (change.body.op === 'invalid') {
    return {
      line,
      kind,
      problems: change.body.problems.map(({ code, pointer }) => ({ code, column: columnOf(pointer) })),
    };
  }
  return { line, change };
}

const NUMBERS: ReadonlySet<ImportField> = new Set([
  'customerNumber',
  'actorNumber',
  'relatedCustomerActorNumber',
  'relatedCustomerCrmId',
  'crmId',
  'version',
  'occurredAt',
]);
