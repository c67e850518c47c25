import type { Kind } from '../../record/index.ts';
import type { Settings } from '../../settings.ts';
import { findNamed, type SchemaField } from './column-search.ts';
import type { AssociateRow } from './types.ts';

/** A constant of NXT_CUSTOMER_DEFAULTS or NXT_CONTACT_DEFAULTS, with the column's GraphQL name. */
export interface DefaultValue {
  readonly column: string;
  readonly value: number | string;
}

const SETTINGS = { customer: 'NXT_CUSTOMER_DEFAULTS', contact: 'NXT_CONTACT_DEFAULTS' } as const;
/** The program writes these itself; a constant would break what it relies on. */
const OWN: readonly (keyof AssociateRow)[] = ['associateNo', 'customerNo', 'contactFor', 'externalId', 'deletionMark'];

/** Checks each default against the schema: the column exists, can be written, and has a fitting type. */
export function resolveDefaults(
  fields: readonly SchemaField[],
  by: Readonly<Partial<Record<keyof AssociateRow, SchemaField>>>,
  settings: Pick<Settings, 'NXT_CUSTOMER_DEFAULTS' | 'NXT_CONTACT_DEFAULTS'>,
  problems: string[],
): Record<Kind, readonly DefaultValue[]> {
  const own = new Set(OWN.map((column) => by[column]?.name));
  const resolve = (kind: Kind): readonly DefaultValue[] => {
    const setting = SETTINGS[kind];
    return Object.entries(settings[setting]).flatMap(([name, value]) => {
      const field = findNamed(fields, name);
      const problem = problemOf(field, value);
      if (field !== undefined && problem === undefined) return [{ column: field.name, value }];
      problems.push(`${name} (${setting}): ${problem ?? 'no such column'}`);
      return [];
    });
  };

  const problemOf = (field: SchemaField | undefined, value: number | string): string | undefined => {
    if (field === undefined) return 'no such column';
    if (own.has(field.name)) return 'the program writes this column itself';
    if (!field.writable) return 'cannot be written';
    const wanted = field.type === 'String' ? 'string' : 'number';
    return typeof value === wanted ? undefined : `must be a ${field.type}`;
  };

  return { customer: resolve('customer'), contact: resolve('contact') };
}
