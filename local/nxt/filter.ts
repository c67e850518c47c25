import { GraphQLError } from 'graphql';
import type { Columns, SandboxRow } from './columns.ts';
import { like } from './like.ts';

type Value = string | number;
type Test = (value: Value) => boolean;
export type RowTest = (row: SandboxRow) => boolean;

/** Equal for the database: case and trailing blanks do not count (SQL Server's usual collation, unverified for NXT). */
const folded = (value: Value): Value => (typeof value === 'string' ? value.trimEnd().toLowerCase() : value);

const isValue = (value: unknown): value is Value => typeof value === 'string' || typeof value === 'number';

function single(operator: string, value: unknown): Value {
  if (isValue(value)) return value;
  throw new GraphQLError(`The operator ${operator} needs a value.`);
}

function several(operator: string, value: unknown): ReadonlySet<Value> {
  if (!Array.isArray(value)) throw new GraphQLError(`The operator ${operator} needs a list.`);
  return new Set(value.map((one) => folded(single(operator, one))));
}

function compared(operator: string, value: unknown, fits: (difference: number) => boolean): Test {
  const wanted = folded(single(operator, value));
  return (found) => {
    const given = folded(found);
    return fits(given === wanted ? 0 : given < wanted ? -1 : 1);
  };
}

/** The commonest test, so the cheap half comes first: folding never makes a text longer. */
function equal(operator: string, value: unknown): Test {
  const wanted = folded(single(operator, value));
  if (typeof wanted === 'number') return (found) => found === wanted;
  return (found) => typeof found === 'string' && found.length >= wanted.length && folded(found) === wanted;
}

function between(value: unknown): Test {
  const { from, to } = value as { readonly from: unknown; readonly to: unknown };
  const least = compared('_between', from, (difference) => difference >= 0);
  const most = compared('_between', to, (difference) => difference <= 0);
  return (found) => least(found) && most(found);
}

function test(operator: string, value: unknown): Test {
  switch (operator) {
    case '_eq':
      return equal(operator, value);
    case '_not_eq': {
      const same = equal(operator, value);
      return (found) => !same(found);
    }
    case '_gt':
      return compared(operator, value, (difference) => difference > 0);
    case '_gte':
      return compared(operator, value, (difference) => difference >= 0);
    case '_lt':
      return compared(operator, value, (difference) => difference < 0);
    case '_lte':
      return compared(operator, value, (difference) => difference <= 0);
    case '_like': {
      const fits = like(String(single(operator, value)));
      return (found) => fits(String(found));
    }
    case '_in': {
      const list = several(operator, value);
      return (found) => list.has(folded(found));
    }
    case '_not_in': {
      const list = several(operator, value);
      return (found) => !list.has(folded(found));
    }
    case '_between':
      return between(value);
    default:
      throw new GraphQLError(`Unknown operator ${operator}.`);
  }
}

const objects = (value: unknown): readonly object[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is object => typeof one === 'object' && one !== null);

/**
 * A filter as a test of rows. Several columns, and several operators on one column, all have to hold. No filter, and
 * an empty one, fit every row: what the real service does then is not known, and the sandbox shows the worst.
 */
export function rowTest(filter: object | null | undefined, columns: Columns): RowTest {
  const tests = Object.entries(filter ?? {}).map(([name, value]: [string, unknown]): RowTest => {
    if (name === '_and' || name === '_or') {
      const parts = objects(value).map((part) => rowTest(part, columns));
      return (row) => (name === '_and' ? parts.every((part) => part(row)) : parts.some((part) => part(row)));
    }
    const column = columns.byName(name);
    if (column === undefined) throw new GraphQLError(`Unknown column ${name}.`);
    const checks = Object.entries(value ?? {}).map(([operator, wanted]: [string, unknown]) => test(operator, wanted));
    return (row) => checks.every((check) => check(row[column.key]));
  });
  return (row) => tests.every((fits) => fits(row));
}
