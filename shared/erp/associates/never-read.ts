import type { Settings } from '../../settings.ts';
import { findBySqlName, findNamed, type SchemaField } from './column-search.ts';

/** A column that is only ever emptied: its GraphQL name, and what stands in it then. */
export interface NeverRead {
  readonly column: string;
  readonly emptied: '' | 0;
}

/**
 * Columns of every company that describe a person and that this program has no other business with: SQL name and the
 * GraphQL name to try where no description carries it.
 */
const OF_A_PERSON: readonly (readonly [sql: string, name: string])[] = [
  ['Title', 'title'],
  ['Fax', 'fax'],
  ['Fax2', 'fax2'],
  ['PrivPh', 'privatePhone'],
  ['YrRef', 'yourReference'],
  ['Att', 'attention'],
  ['IntAd1', 'internetAddress1'],
  ['IntAd2', 'internetAddress2'],
  ['PictFNm', 'pictureFileName'],
];

/** A list such as `Inf, Inf2,information3`. */
export const personalColumns = (setting: Settings['NXT_PERSONAL_COLUMNS']): readonly string[] =>
  setting === undefined ? [] : setting.split(',').map((name) => name.trim());

/**
 * What an erasure empties without ever reading it: the columns above as far as the company has them, and those that
 * NXT_PERSONAL_COLUMNS names, which must be there.
 */
export function resolveNeverRead(
  fields: readonly SchemaField[],
  own: ReadonlySet<string>,
  setting: Settings['NXT_PERSONAL_COLUMNS'],
  problems: string[],
): readonly NeverRead[] {
  const found = new Map<string, NeverRead>();
  const add = ({ name, type }: SchemaField) => found.set(name, { column: name, emptied: type === 'String' ? '' : 0 });
  for (const [sql, name] of OF_A_PERSON) {
    const field = findBySqlName(fields, sql, name);
    if (field?.writable === true && field.type === 'String' && !own.has(field.name)) add(field);
  }
  for (const name of personalColumns(setting)) {
    const field = findNamed(fields, name);
    const problem = problemOf(field, own);
    if (field !== undefined && problem === undefined) add(field);
    else problems.push(`${name} (NXT_PERSONAL_COLUMNS): ${problem ?? 'no such column'}`);
  }
  return [...found.values()];
}

function problemOf(field: SchemaField | undefined, own: ReadonlySet<string>): string | undefined {
  if (field === undefined) return 'no such column';
  if (own.has(field.name)) return 'the program knows this column already';
  if (!field.writable) return 'cannot be written';
  return field.type === 'String' || field.type === 'Int' ? undefined : 'must be String or Int';
}
