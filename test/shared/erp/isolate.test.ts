import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isolate } from '../../../shared/erp/batch/isolate.ts';

type Blame = 'exact' | 'none' | 'wrong';

/** Plays an ERP that stores all or nothing, and gives its errors the index the test wants. */
function play(size: number, bad: ReadonlySet<number>, blame: Blame) {
  const refused: number[] = [];
  const stored: number[] = [];
  let requests = 0;
  const send = (rows: readonly number[]) => {
    requests += 1;
    const failing = rows.filter((row) => bad.has(row));
    if (failing.length === 0) {
      stored.push(...rows);
      return;
    }
    const others = rows.filter((row) => !bad.has(row));
    const blamed: readonly number[] = {
      exact: failing,
      none: [],
      wrong: others.length > 0 ? others.slice(0, failing.length) : failing,
    }[blame];
    const verdict = isolate(rows, rows, (row) => blamed.includes(row));
    refused.push(...verdict.refused);
    for (const group of verdict.again) send(group);
  };
  send(Array.from({ length: size }, (_, index) => index));
  return { refused: new Set(refused), stored: new Set(stored), requests };
}

const cases = fc
  .integer({ min: 1, max: 100 })
  .chain((size) =>
    fc.tuple(
      fc.constant(size),
      fc.uniqueArray(fc.nat({ max: size - 1 })),
      fc.constantFrom<Blame>('exact', 'none', 'wrong'),
    ),
  );

test('exactly the bad rows are refused and all others stored, whatever the errors point at', () => {
  fc.assert(
    fc.property(cases, ([size, bad, blame]) => {
      const { refused, stored } = play(size, new Set(bad), blame);
      expect(refused).toEqual(new Set(bad));
      expect(stored.size).toBe(size - bad.length);
    }),
  );
});

test('with right hints any number of bad rows costs two more requests', () => {
  fc.assert(
    fc.property(cases, ([size, bad]) => {
      expect(play(size, new Set(bad), 'exact').requests).toBeLessThanOrEqual(3);
    }),
  );
});

test('one bad row among n without hints costs about 2 log2 n', () => {
  for (const size of [2, 48, 100]) {
    const requests = Array.from({ length: size }, (_, bad) => play(size, new Set([bad]), 'none').requests);
    expect(Math.max(...requests)).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(size)));
  }
});
