import { parseChanges, type Change, type FieldProblem, type Kind } from '../record/index.ts';
import { readCells, readHeaders, type CellSource } from './cells.ts';
import { encodingOf } from './encoding.ts';
import { formatOf } from './format.ts';
import { findColumns, ImportFileError, type FileColumns } from './headers.ts';
import { readFields } from './row-fields.ts';

export interface ImportFile extends CellSource {
  readonly columns: FileColumns;
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
  /** What a person says the files hold, where their headers do not tell. */
  readonly kind?: Kind;
  /** There is one file, and it holds what the person says, whatever its headers tell. */
  readonly kindIsSure?: boolean;
}

/** Finds the encoding, the format, the columns, and so whether the file holds customers or contacts. */
export async function openImportFile(path: string, options: ReadOptions): Promise<ImportFile> {
  const encoding = await encodingOf(path);
  const source = { path, encoding, format: await formatOf(path, encoding) };
  const headers = await readHeaders(source);
  try {
    const { exportedAt, kind, kindIsSure } = options;
    const columns = findColumns(headers, { hasExportTime: exportedAt !== undefined, kind, kindIsSure });
    return { ...source, columns };
  } catch (error) {
    throw error instanceof ImportFileError ? new ImportFileError(`${path}: ${error.message}`) : error;
  }
}

/** The rows one by one, with their line in the file, so that a file of any size fits in memory. */
export async function* readRows(file: ImportFile, options: ReadOptions, now: Date): AsyncIterable<ImportRow> {
  const { kind } = file.columns;
  for await (const { line, cells } of readCells(file)) {
    if (typeof cells === 'string') yield { line, kind, problems: [{ code: cells, column: '' }] };
    else yield toRow(file.columns, line, cells, options, now);
  }
}

function toRow(
  { kind, headers }: FileColumns,
  line: number,
  cells: Readonly<Record<string, unknown>>,
  { exportedAt, emptyClears }: ReadOptions,
  now: Date,
): ImportRow {
  const { given, placeholders, columnOf } = readFields(headers, cells, emptyClears);
  const { crmId, occurredAt, version, ...data } = given;
  const event = {
    // Whoever takes the row gives it an id that tells its content (`withContentId`).
    id: 'import',
    type: `${kind}.updated`,
    occurredAt: occurredAt ?? exportedAt,
    ...(version !== undefined && { version: Number(version) }),
    data: { crmId, ...data },
  };
  const inColumns = (problems: readonly FieldProblem[]): readonly RowProblem[] => [
    ...problems.map(({ code, pointer }) => ({ code, column: columnOf(pointer.split('/').at(-1) ?? '') })),
    ...placeholders.map((column) => ({ code: 'value.placeholder', column })),
  ];
  const refused = (problems: readonly FieldProblem[]): ImportRow => ({ line, kind, problems: inColumns(problems) });
  const parsed = parseChanges(event, now);
  if (!parsed.ok) return refused(parsed.tooMany ? [] : parsed.problems);
  const [change] = parsed.changes;
  if (change === undefined) return refused([]);
  return change.body.op === 'invalid'
    ? refused(change.body.problems)
    : { line, change, warnings: inColumns(change.warnings) };
}
