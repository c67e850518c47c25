import { cleanLine } from '../record/index.ts';
import { isEmptyCell } from './cells.ts';
import { ONE_MEANING } from './fields.ts';
import type { FileColumns } from './headers.ts';
import { isPlaceholder } from './placeholder.ts';

/** What one row says, field by field. */
export interface RowFields {
  /** As an event's data has them; `''` clears, and a field that is absent is left alone. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Columns that hold a word for nothing. */
  readonly placeholders: readonly string[];
  /** The column that a field was read from. */
  readonly columnOf: (field: string) => string;
}

export function readFields(
  headers: FileColumns['headers'],
  cells: Readonly<Record<string, unknown>>,
  emptyClears: boolean,
): RowFields {
  const given: Record<string, unknown> = {};
  const placeholders: string[] = [];
  const sources = new Map<string, string>();
  for (const [field, columns] of headers) {
    const words = columns.filter((column) => isPlaceholderCell(cells[column]));
    placeholders.push(...words);
    const column = columns.find((each) => !isEmptyCell(cells[each]) && !words.includes(each));
    sources.set(field, column ?? columns[0] ?? field);
    // A word for nothing is no value of the CRM's, and does not say either that the field is empty.
    const isCleared = emptyClears && words.length === 0 && !ONE_MEANING.has(field);
    if (column !== undefined) given[field] = asText(cells[column]);
    else if (isCleared && columns.some((each) => typeof cells[each] === 'string')) given[field] = '';
  }
  return { given, placeholders, columnOf: (field) => sources.get(field) ?? field };
}

/** JSON exports write ids, postal codes and organisation numbers as numbers. */
const asText = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value);

const isPlaceholderCell = (value: unknown): boolean => typeof value === 'string' && isPlaceholder(cleanLine(value));
