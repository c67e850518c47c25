import { Failure } from '../../failure.ts';
import type { Interval } from './create-request.ts';
import type { NewRow, WriteOutcome } from '../associates/types.ts';

/** How often a number that somebody else took meanwhile is replaced by the next one. */
const TRIES = 5;

/** A number that was given counts as taken for so long: by then the ERP shows it, or it was never used. */
const REMEMBERED_MS = 3 * 60_000;

export interface Numbering {
  /** @throws Failure `erp.number-interval-full` */
  next(): Promise<number>;
  /** Creates the row with a number of its own. */
  readonly create: (row: NewRow, create: (row: NewRow) => Promise<WriteOutcome>) => Promise<WriteOutcome>;
}

/**
 * Picks customer numbers where the ERP does not: in an interval that its schema cannot take, and for a row that is there
 * already. The highest in use plus one, as the ERP's own rule is. Calls made at the same time share one look at the ERP
 * and get different numbers; another instance may pick the same, and the ERP refuses the second.
 */
export function createNumbering(
  { from, to }: Interval = { from: 1, to: Infinity },
  readHighest: () => Promise<number>,
  now: () => number,
): Numbering {
  let given = { no: 0, at: 0 };
  let looking: Promise<number> | undefined;

  const next = async (): Promise<number> => {
    looking ??= readHighest().finally(() => {
      looking = undefined;
    });
    const highest = await looking;
    const remembered = now() - given.at < REMEMBERED_MS ? given.no : 0;
    const no = Math.max(highest, remembered, from - 1) + 1;
    if (no > to) throw new Failure('erp.number-interval-full');
    given = { no, at: now() };
    return no;
  };

  const createNumbered: Numbering['create'] = async (row, create) => {
    for (let left = TRIES; ; left -= 1) {
      const customerNo = await next();
      try {
        return await create({ ...row, values: { ...row.values, customerNo } });
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'erp.number-in-use') throw error;
        if (left === 1) throw new Failure('erp.unknown', { detail: 'every number picked was taken meanwhile' });
      }
    }
  };
  return { next, create: createNumbered };
}
