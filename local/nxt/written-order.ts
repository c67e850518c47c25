import { type GraphQLResolveInfo, valueFromASTUntyped } from 'graphql';
import type { Assignment } from './assign.ts';
import type { Columns } from './columns.ts';

export type InputRow = Readonly<Record<string, string | number | null>>;

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/**
 * The rows of an argument with their fields in the order the caller wrote them: in the document, or in the JSON of
 * the variables. Coercion puts them in the schema's order, and the order matters to the service (verified).
 */
export function inWrittenOrder(
  rows: readonly InputRow[],
  argument: string,
  info: GraphQLResolveInfo,
  rawVariables: Readonly<Record<string, unknown>>,
  columns: Columns,
): readonly (readonly Assignment[])[] {
  const node = info.fieldNodes[0]?.arguments?.find(({ name }) => name.value === argument);
  const written = node === undefined ? [] : asList(valueFromASTUntyped(node.value, rawVariables));
  return rows.map((row, n) => {
    const order = Object.keys(written[n] ?? {});
    const names = Object.keys(row).toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
    return names.flatMap((name) => {
      const [column, value] = [columns.byName(name), row[name]];
      return column === undefined || value === undefined ? [] : [{ column, value }];
    });
  });
}
