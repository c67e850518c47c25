import { GraphQLError } from 'graphql';
import type { Columns, SandboxRow } from './columns.ts';

export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly skip?: number | null;
}

export interface Page {
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly items: readonly SandboxRow[];
}

export interface PageLimits {
  readonly defaultPageSize: number;
  readonly maxPageSize: number;
}

/** Verified example: `MA==` and `MTA=`, base64 of 0 and 10, at the start and the end of a page of ten. */
const toCursor = (offset: number) => Buffer.from(String(offset)).toString('base64');

function fromCursor(cursor: string): number {
  const offset = Number(Buffer.from(cursor, 'base64').toString());
  if (!Number.isInteger(offset) || offset < 0) throw new GraphQLError('The cursor is not valid.');
  return offset;
}

function size(name: string, wanted: number, maximum: number): number {
  if (wanted <= 0) throw new GraphQLError(`The argument ${name} must be positive.`);
  return Math.min(wanted, maximum);
}

/** Cuts a page out of the rows found. Cursors are offsets, so rows stored meanwhile shift later pages. */
export function pageOf(rows: readonly SandboxRow[], args: PageArguments, limits: PageLimits): Page {
  const start = fromCursor(args.after ?? toCursor(0)) + (args.skip ?? 0);
  const end = Math.min(rows.length, fromCursor(args.before ?? toCursor(rows.length)));
  const [from, to] =
    typeof args.first !== 'number' && typeof args.last === 'number'
      ? [Math.max(start, end - size('last', args.last, limits.maxPageSize)), end]
      : [start, Math.min(end, start + size('first', args.first ?? limits.defaultPageSize, limits.maxPageSize))];
  const items = rows.slice(from, to);
  return {
    totalCount: rows.length,
    pageInfo: {
      hasNextPage: to < rows.length,
      hasPreviousPage: from > 0 && rows.length > 0,
      startCursor: items.length === 0 ? null : toCursor(from),
      endCursor: items.length === 0 ? null : toCursor(to),
    },
    items,
  };
}

export type OrderBy = Readonly<Record<string, 'ASC' | 'DESC' | null>>;

const alphabet = new Intl.Collator('nb', { sensitivity: 'accent' });

/** Sorts by the columns named, then by associate number, so that equal rows keep their places from page to page. */
export function sorted(
  rows: readonly SandboxRow[],
  orderBy: readonly OrderBy[],
  columns: Columns,
): readonly SandboxRow[] {
  const keys = orderBy.flatMap((part) =>
    Object.entries(part).flatMap(([name, direction]) => {
      const column = columns.byName(name);
      return column === undefined || direction === null
        ? []
        : [{ key: column.key, sign: direction === 'ASC' ? 1 : -1 }];
    }),
  );
  return rows.toSorted((a, b) => {
    for (const { key, sign } of keys) {
      const [left, right] = [a[key], b[key]];
      const difference =
        typeof left === 'number' && typeof right === 'number'
          ? left - right
          : alphabet.compare(String(left), String(right));
      if (difference !== 0) return sign * difference;
    }
    return a.associateNo - b.associateNo;
  });
}
