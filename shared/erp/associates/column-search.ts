import type { SchemaField } from './introspection.ts';

export type { SchemaField };

/**
 * The field whose description carries the SQL name. Derived fields (`…AsDate`, `…Flags`) may repeat their column's
 * description, so the documented name, then a writable field, then the shortest name wins. Where no description
 * carries the SQL name, the documented name counts.
 */
export function findBySqlName(
  fields: readonly SchemaField[],
  sqlName: string,
  documented?: string,
): SchemaField | undefined {
  const bySql = fields.filter((field) => field.sqlName === sqlName);
  const best = bySql.toSorted((a, b) => rank(a) - rank(b) || a.name.length - b.name.length)[0];
  return best ?? (documented === undefined ? undefined : fields.find((field) => field.name === documented));

  function rank(field: SchemaField): number {
    if (field.name === documented) return 0;
    return field.writable ? 1 : 2;
  }
}

/** A column named in a setting: its GraphQL name or its SQL name. */
export function findNamed(fields: readonly SchemaField[], name: string): SchemaField | undefined {
  return fields.find((field) => field.name === name) ?? findBySqlName(fields, name);
}
