import type { Kind } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import type { Settings } from '../../settings.ts';
import { resolveDefaults, type DefaultValue } from './column-defaults.ts';
import { findBySqlName, findNamed, type SchemaField } from './column-search.ts';
import type { AssociateSchema } from './introspection.ts';
import { personalColumns, resolveNeverRead, type NeverRead } from './never-read.ts';
import { TABLE, type TableColumn } from './table.ts';
import type { AssociateRow } from './types.ts';

export type RowColumn = keyof AssociateRow;
export type ColumnSettings = Pick<
  Settings,
  | 'NXT_EXTERNAL_ID_COLUMN'
  | 'NXT_CONTACT_FOR_COLUMN'
  | 'NXT_DELIVERY_COLUMN'
  | 'NXT_ON_CUSTOMER_DELETED'
  | 'NXT_CUSTOMER_DELETED_COLUMN'
  | 'NXT_CUSTOMER_DEFAULTS'
  | 'NXT_CONTACT_DEFAULTS'
  | 'NXT_PERSONAL_COLUMNS'
>;

/** The columns of this company's schema, by this program's names. A name without an entry is read as 0 or `''`. */
export interface Columns {
  readonly by: Readonly<Partial<Record<RowColumn, SchemaField>>>;
  /** GraphQL column → constant, for a create. */
  readonly defaults: Readonly<Record<Kind, readonly DefaultValue[]>>;
  /** Emptied when a person is erased, and never read. */
  readonly neverRead: readonly NeverRead[];
  /** The ERP can number a customer from an interval. */
  readonly suggestsNumbers: boolean;
  readonly createFailsWhole: boolean;
  readonly updateFailsWhole: boolean;
  /** The column that says when a row was last changed; null where there is none. */
  readonly changedStamp: string | null;
  /** What works differently here, for `doctor`; column and setting names only. */
  readonly warnings: readonly string[];
}

type Wanted = Pick<TableColumn, 'sql' | 'type' | 'use'>;

/** The names that no documented GraphQL name stands in for; the model is asked when the schema does not know one. */
export function lacksNames({ fields }: AssociateSchema, settings: ColumnSettings): boolean {
  const names = [
    settings.NXT_CONTACT_FOR_COLUMN ?? 'LiaAct',
    settings.NXT_DELIVERY_COLUMN ?? 'DelToAct',
    settings.NXT_EXTERNAL_ID_COLUMN,
    ...(settings.NXT_ON_CUSTOMER_DELETED === 'mark' ? [settings.NXT_CUSTOMER_DELETED_COLUMN] : []),
    ...Object.keys(settings.NXT_CUSTOMER_DEFAULTS),
    ...Object.keys(settings.NXT_CONTACT_DEFAULTS),
    ...personalColumns(settings.NXT_PERSONAL_COLUMNS),
  ];
  return names.some((name) => name !== 'none' && findNamed(fields, name) === undefined);
}

/** The schema with the SQL names that its descriptions lack; by GraphQL name in lower case. */
export function withNames(schema: AssociateSchema, names: ReadonlyMap<string, string>): AssociateSchema {
  const fields = schema.fields.map((field) => {
    const sqlName = field.sqlName ?? names.get(field.name.toLowerCase());
    return sqlName === undefined ? field : { ...field, sqlName };
  });
  return { ...schema, fields };
}

/**
 * Finds every column by its SQL name, or throws one `erp.schema` that lists all that are missing,
 * each with the setting that could name another.
 */
export function resolveColumns(schema: AssociateSchema, settings: ColumnSettings): Columns {
  const problems: string[] = [];
  const warnings: string[] = [];
  const by: Partial<Record<RowColumn, SchemaField>> = {};

  const take = (column: RowColumn, field: SchemaField | undefined, wanted: Wanted, setting?: string) => {
    const label = setting === undefined ? wanted.sql : `${wanted.sql} (${setting})`;
    if (field === undefined) {
      if (wanted.use === 'optional') warnings.push(`${label}: no such column; it is neither read nor written`);
      else problems.push(`${label}: no such column`);
    } else if (field.type !== wanted.type) {
      problems.push(`${label}: must be ${wanted.type}, is ${field.type}`);
    } else if (wanted.use === 'write' && !field.writable) {
      problems.push(`${label}: cannot be written`);
    } else {
      by[column] = field;
    }
  };

  for (const [column, wanted] of Object.entries(TABLE) as [keyof typeof TABLE, TableColumn][]) {
    if (column === 'deliverTo') {
      takeDelivery(wanted);
    } else if (column === 'contactFor') {
      const named = settings.NXT_CONTACT_FOR_COLUMN;
      const field = named === undefined ? findBySqlName(schema.fields, 'LiaAct') : findNamed(schema.fields, named);
      take(column, field, { ...wanted, sql: named ?? 'LiaAct' }, 'NXT_CONTACT_FOR_COLUMN');
    } else {
      take(column, findBySqlName(schema.fields, wanted.sql, wanted.name), wanted);
    }
  }
  function takeDelivery(wanted: Wanted): void {
    const named = settings.NXT_DELIVERY_COLUMN;
    const field = named === 'none' ? undefined : findNamed(schema.fields, named ?? 'DelToAct');
    if (field !== undefined || (named !== undefined && named !== 'none')) {
      take('deliverTo', field, { ...wanted, sql: named ?? 'DelToAct', use: 'read' }, 'NXT_DELIVERY_COLUMN');
      return;
    }
    warnings.push('NXT_DELIVERY_COLUMN: no such column; delivery addresses cannot be told from customers');
  }

  const text = (sql: string): Wanted => ({ sql, type: 'String', use: 'write' });
  const external = settings.NXT_EXTERNAL_ID_COLUMN;
  if (external === 'none')
    warnings.push('NXT_EXTERNAL_ID_COLUMN is none: a create whose answer is lost needs a person');
  else take('externalId', findNamed(schema.fields, external), text(external), 'NXT_EXTERNAL_ID_COLUMN');
  if (settings.NXT_ON_CUSTOMER_DELETED === 'mark') {
    const mark = settings.NXT_CUSTOMER_DELETED_COLUMN;
    take('deletionMark', findNamed(schema.fields, mark), text(mark), 'NXT_CUSTOMER_DELETED_COLUMN');
  }

  const own = new Map<string, RowColumn>();
  for (const [column, field] of Object.entries(by) as [RowColumn, SchemaField][]) {
    const other = own.get(field.name);
    if (other !== undefined) problems.push(`${field.name}: used both as ${other} and as ${column}`);
    own.set(field.name, column);
  }
  const defaults = resolveDefaults(schema.fields, by, settings, problems);
  const neverRead = resolveNeverRead(schema.fields, new Set(own.keys()), settings.NXT_PERSONAL_COLUMNS, problems);
  if (problems.length > 0) throw new Failure('erp.schema', { detail: problems.join('; ') });

  const suggestsNumbers = schema.createHasSuggest && schema.suggestible.includes(by.customerNo?.name ?? '');
  if (!suggestsNumbers) warnings.push('associate_create has no suggest: numbers from the interval are picked here');
  if (!schema.createFailsWhole || !schema.updateFailsWhole) {
    warnings.push('onError: FAIL_TABLE is not offered: a refused request may have stored some of its rows');
  }
  const { createFailsWhole, updateFailsWhole } = schema;
  const changedStamp = schema.fields.find(({ name }) => name === 'changedTimestamp')?.name ?? null;
  if (changedStamp === null) warnings.push('changedTimestamp: no such column; changed rows are not looked for');
  return { changedStamp, by, defaults, neverRead, suggestsNumbers, createFailsWhole, updateFailsWhole, warnings };
}
