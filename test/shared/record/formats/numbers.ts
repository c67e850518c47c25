import fc from 'fast-check';

// Numbers that are right, made up for tests.

const ORGANIZATION = [3, 2, 7, 6, 5, 4, 3, 2];
const FIRST = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const SECOND = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

const control = (weights: readonly number[], digits: string): number =>
  (11 - (weights.reduce((sum, weight, n) => sum + weight * Number(digits[n]), 0) % 11)) % 11;

/** Norwegian organisation numbers. */
export const organizationNumbers = fc
  .integer({ min: 80_000_000, max: 99_999_999 })
  .map(String)
  .filter((eight) => control(ORGANIZATION, eight) < 10)
  .map((eight) => `${eight}${control(ORGANIZATION, eight)}`);

const two = (number: number): string => String(number).padStart(2, '0');

/** National identity numbers, D-numbers and H-numbers among them. */
export const nationalIds = fc
  .record({
    day: fc.integer({ min: 1, max: 28 }),
    month: fc.integer({ min: 1, max: 12 }),
    year: fc.integer({ min: 0, max: 99 }),
    serial: fc.integer({ min: 0, max: 999 }),
    kind: fc.constantFrom('F', 'F', 'D', 'H'),
  })
  .map(({ day, month, year, serial, kind }) => {
    const date = `${two(day + (kind === 'D' ? 40 : 0))}${two(month + (kind === 'H' ? 40 : 0))}${two(year)}`;
    return `${date}${String(serial).padStart(3, '0')}`;
  })
  .map((nine) => `${nine}${control(FIRST, nine)}`)
  .filter((ten) => ten.length === 10 && control(SECOND, ten) < 10)
  .map((ten) => `${ten}${control(SECOND, ten)}`);
