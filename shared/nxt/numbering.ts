import { Failure } from '../failure.ts';
import type { Interval } from './create-request.ts';
import type { NewRow, WriteOutcome } from './types.ts';

/** How often a number that somebody else took meanwhile is replaced by the next one. */
const TRIES = 5;

/**
 * Picks customer numbers from the interval where the ERP's schema cannot: the highest in use plus one, as the ERP's own
 * rule is. Calls made at the same time share one look at the ERP and get different numbers; another instance may pick
 * the same, and the ERP refuses the second.
 */
export function createNumbering(interval: Interval, readHighest: () => Promise<number>) {
  let given = interval.from - 1;
  let looking: Promise<number> | undefined;

  const next = async (): Promise<number> => {
    looking ??= readHighest().finally(() => {
      looking = undefined;
    });
    given = Math.max(await looking, given) + 1;
    if (given > interval.to) {
      given = interval.to;
      throw new Failure('erp.number-interval-full');
    }
    return given;
  };

  /** Creates the row with a number of its own. */
  return async (row: NewRow, create: (row: NewRow) => Promise<WriteOutcome>): Promise<WriteOutcome> => {
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
}
