import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { like } from '../../../local/nxt/like.ts';

/** The same rule said plainly, one character at a time. */
function fits(pattern: string, text: string): boolean {
  const [first, rest] = [pattern.charAt(0), pattern.slice(1)];
  if (pattern === '') return text === '';
  if (first === '%') return fits(rest, text) || (text !== '' && fits(pattern, text.slice(1)));
  return text !== '' && (first === '_' || first === text.charAt(0)) && fits(rest, text.slice(1));
}

const letters = (alphabet: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), maxLength });

describe('like', () => {
  it('agrees with the plain rule for any pattern of % and _', () => {
    fc.assert(
      fc.property(letters('ab%_', 6), letters('ab', 7), (pattern, text) => {
        expect(like(pattern)(text)).toBe(fits(pattern, text));
      }),
    );
    fc.assert(
      fc.property(letters('ab%', 7), letters('ab', 8), (pattern, text) => {
        expect(like(pattern)(text)).toBe(fits(pattern, text));
      }),
    );
  });

  it('takes what is special in a regular expression as it stands', () => {
    expect(like('a.b%')('axb')).toBe(false);
    expect(like('a.b_')('a.b)')).toBe(true);
    expect(like('_(1+1)*')('x(1+1)*')).toBe(true);
  });

  it('has sets of characters, also turned round', () => {
    expect([like('[0-9]%')('7A'), like('[^0-9]%')('7A'), like('[^0-9]%')('A7')]).toEqual([true, false, true]);
  });

  it('answers at once on a long text that nearly fits', () => {
    expect(like(`%${Array.from('925481459').join('%')}%x`)('925481459'.repeat(2000))).toBe(false);
  });
});
