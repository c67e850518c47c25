import { DECIMAL_COLUMNS, INT_COLUMNS, type Sql, TEXT_COLUMNS, TIME_COLUMNS, USER_COLUMNS } from './column-names.ts';

export type TextKey = keyof typeof TEXT_COLUMNS;
type IntKey = keyof typeof INT_COLUMNS | keyof typeof DECIMAL_COLUMNS;
type ReadOnlyTextKey = keyof typeof USER_COLUMNS | keyof typeof TIME_COLUMNS;
/** The name a column has in this sandbox's rows: its GraphQL name, unless an option renames it in the schema. */
export type ColumnKey = TextKey | IntKey | ReadOnlyTextKey;

/** One row of Associate. Empty is `''` or 0, never null; a time stamp is Norwegian local time without zone. */
export type SandboxRow = Readonly<Record<TextKey | ReadOnlyTextKey, string> & Record<IntKey, number>>;

/** What a test gives to seed a row; the rest is empty, and the associate number the next free one. */
export type RowSeed = Partial<SandboxRow>;

export type ColumnType = 'Int' | 'Decimal' | 'String' | 'DateTime';

export interface Column {
  readonly key: ColumnKey;
  /** Its name in the GraphQL schema. */
  readonly name: string;
  readonly type: ColumnType;
  readonly description: string;
  /** `''` for computed ones. */
  readonly sqlName: string;
  /** In `Associate_Input`: everything but the primary key and who/when (verified). */
  readonly writable: boolean;
}

const READ_ONLY = new Set<string>([
  'associateNo',
  'createdDate',
  'createdTime',
  'changedDate',
  'changedTime',
  ...Object.keys(USER_COLUMNS),
  ...Object.keys(TIME_COLUMNS),
]);

/** Verified form: `[PK] Column "ActNo" (4028)`. */
function describe(key: string, [sql, number]: Sql, position: number): string {
  if (sql === '') return 'Computed from the date and the time';
  return `${key === 'associateNo' ? '[PK] ' : ''}Column "${sql}" (${number ?? 90_000 + position})`;
}

const keysOf = <Key extends string>(columns: Readonly<Record<Key, Sql>>) => Object.keys(columns) as Key[];

function listed<Key extends ColumnKey>(columns: Readonly<Record<Key, Sql>>, type: ColumnType, offset: number) {
  return keysOf(columns).map((key, n) => ({
    key,
    name: key,
    type,
    description: describe(key, columns[key], offset + n),
    sqlName: columns[key][0],
    writable: !READ_ONLY.has(key),
  }));
}

const ALL: readonly Column[] = [
  ...listed(INT_COLUMNS, 'Int', 100),
  ...listed(TEXT_COLUMNS, 'String', 200),
  ...listed(DECIMAL_COLUMNS, 'Decimal', 300),
  ...listed(USER_COLUMNS, 'String', 400),
  ...listed(TIME_COLUMNS, 'DateTime', 500),
];

/** The columns one sandbox shows. */
export interface Columns {
  readonly all: readonly Column[];
  byName(name: string): Column | undefined;
}

/** `plain`: the descriptions say no SQL names, as they may since they were reworded in May 2024 (unverified). */
export function columnsOf(
  names: Partial<Record<ColumnKey, string>>,
  leftOut: readonly ColumnKey[],
  descriptions: 'sql' | 'plain' = 'sql',
): Columns {
  const all = ALL.filter(({ key }) => !leftOut.includes(key)).map((column) => ({
    ...column,
    name: names[column.key] ?? column.name,
    ...(descriptions === 'plain' && { description: `The ${column.key} of the associate.` }),
  }));
  const byName = new Map<string, Column>(all.map((column) => [column.name, column]));
  return { all, byName: (name) => byName.get(name) };
}

const blank = Object.fromEntries(ALL.map(({ key, type }) => [key, type === 'Int' || type === 'Decimal' ? 0 : '']));

/** An empty row; the one place where the list of columns and the type of a row meet. */
export const EMPTY_ROW = blank as unknown as SandboxRow;
export const COLUMN_KEYS: ReadonlySet<string> = new Set(ALL.map(({ key }) => key));
export const TEXT_KEYS: ReadonlySet<string> = new Set(
  ALL.filter(({ type }) => type === 'String').map(({ key }) => key),
);
