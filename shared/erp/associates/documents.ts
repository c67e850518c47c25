import * as z from 'zod';
import { Failure } from '../../failure.ts';
import type { Columns, RowColumn } from './columns.ts';
import { readRow } from './rows.ts';
import type { AssociateRow } from './types.ts';

/*
 * Variables have only the types known for certain (Associate_Input, FilterExpression_Associate, Int, String, Boolean
 * and their lists); intervals, orders and `onError` are literals. Columns are asked for under this program's names, so
 * that answers look alike in every company.
 */

/** `associateNo: actNoColumn …` for every column the company has. */
function selection(columns: Columns): string {
  return Object.entries(columns.by)
    .map(([ours, field]) => (ours === field.name ? ours : `${ours}: ${field.name}`))
    .join(' ');
}

export function columnName(columns: Columns, column: RowColumn): string {
  const field = columns.by[column];
  if (field === undefined) throw new Failure('erp.schema', { detail: column });
  return field.name;
}

/** Rows by ascending associate number. `hasNextPage` says whether `first` cut them short. */
export function readDocument(columns: Columns, name: string): string {
  return `query ${name}($company: Int!, $filter: FilterExpression_Associate, $first: Int!) {
  useCompany(no: $company) {
    rows: associate(filter: $filter, first: $first, orderBy: [{ ${columnName(columns, 'associateNo')}: ASC }]) {
      pageInfo { hasNextPage }
      items { ${selection(columns)} }
    }
  }
}`;
}

/** The row with the highest customer number the filter leaves. */
export function highestDocument(columns: Columns): string {
  return `query associate_highest($company: Int!, $filter: FilterExpression_Associate) {
  useCompany(no: $company) {
    rows: associate(filter: $filter, first: 1, orderBy: [{ ${columnName(columns, 'customerNo')}: DESC }]) {
      items { customerNo: ${columnName(columns, 'customerNo')} }
    }
  }
}`;
}

export function probeDocument(columns: Columns): string {
  return `query associate_probe($company: Int!) {
  useCompany(no: $company) { rows: associate(first: 1) { items { ${selection(columns)} } } }
}`;
}

/** The parts a create can have; each is a field of its own because `suggest` and the defaults differ. */
export type CreatePart = 'numbered' | 'unnumbered' | 'contacts';

/** Seven documents at most, always with the parts in this order. */
export function createDocument(
  columns: Columns,
  parts: readonly CreatePart[],
  interval?: { readonly from: number; readonly to: number },
): string {
  const onError = columns.createFailsWhole ? ', onError: FAIL_TABLE' : '';
  const suggests = interval !== undefined && columns.suggestsNumbers && parts.includes('unnumbered');
  // The scalar of an interval is not known: a literal fits whichever it is.
  const { from, to } = interval ?? { from: 0, to: 0 };
  const suggest = `, suggest: { ${columnName(columns, 'customerNo')}: { from: ${from}, to: ${to} } }`;
  const variables = parts.map((part) => `, $${part}: [Associate_Input!]!`).join('');
  const fields = parts.map(
    (part) =>
      `    ${part}: associate_create(values: $${part}${suggests && part === 'unnumbered' ? suggest : ''}${onError}) ` +
      `{ affectedRows items { ${selection(columns)} } }`,
  );
  return `mutation associate_create($company: Int!${variables}) {
  useCompany(no: $company) {
${fields.join('\n')}
  }
}`;
}

/** The n-th value goes to the rows of the n-th filter; every filter is on the primary key. */
export function updateDocument(columns: Columns): string {
  return `mutation associate_update(
  $company: Int!, $filters: [FilterExpression_Associate!]!, $values: [Associate_Input!]!
) {
  useCompany(no: $company) {
    update: associate_update(filters: $filters, values: $values${columns.updateFailsWhole ? ', onError: FAIL_TABLE' : ''}) {
      affectedRows
      items { ${selection(columns)} }
    }
  }
}`;
}

export function deleteDocument(): string {
  return `mutation associate_delete($company: Int!, $filter: FilterExpression_Associate!) {
  useCompany(no: $company) { delete: associate_delete(filter: $filter) { affectedRows } }
}`;
}

const written = z.object({
  affectedRows: z.int().nullish(),
  items: z.array(z.unknown()).nullish(),
});

/** Stands where a refused row would be. */
const hole = z.object({ associateNo: z.literal(0).nullish() }).nullish();

/**
 * The rows of a mutation's field. After a refused row `items` may be null, have holes or be compacted.
 * Throws `erp.schema` when they cannot be read.
 */
export function readWritten(field: unknown): readonly AssociateRow[] {
  const parsed = written.nullish().safeParse(field);
  if (!parsed.success) throw new Failure('erp.schema', { detail: "the ERP's answer to a write" });
  return (parsed.data?.items ?? []).filter((item) => !hole.safeParse(item).success).map(readRow);
}

/** How many rows a mutation's field says it changed; 0 when it does not say. */
export function readAffected(field: unknown): number {
  return written.safeParse(field).data?.affectedRows ?? 0;
}
