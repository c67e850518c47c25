import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitName } from '../../../shared/sources/split-name.ts';

describe('a name is told apart by the parts it was kept in', () => {
  it.each([
    ['a new last name', 'Kari Hansen', ['Kari', 'Nordmann'], ['Kari', 'Hansen']],
    ['a last name of two words', 'Kari Berg Hansen', ['Kari', 'Nordmann'], ['Kari', 'Berg Hansen']],
    ['a first name of two words', 'Anne Marie Nordmann', ['Kari', 'Nordmann'], ['Anne Marie', 'Nordmann']],
    ['both new', 'Ola Hansen', ['Kari', 'Nordmann'], ['Ola', 'Hansen']],
    ['all of it in one part', 'Styret i Solsiden', ['', 'Solsiden borettslag'], ['', 'Styret i Solsiden']],
    ['a last name that came to it', 'Kari Nordmann', ['Kari', ''], ['Kari', 'Nordmann']],
    ['no last name any more', 'Kari', ['Kari', 'Nordmann'], ['Kari', '']],
    ['no parts yet', 'Kari Nordmann', ['', ''], ['Kari', 'Nordmann']],
    ['a middle name that stays', 'Kari Lie Hansen', ['Kari', 'Lie', 'Nordmann'], ['Kari', 'Lie', 'Hansen']],
    ['no middle name any more', 'Kari Nordmann', ['Kari', 'Lie', 'Nordmann'], ['Kari', '', 'Nordmann']],
  ])('%s', (_what, name, now, parts) => {
    expect(splitName(name, now)).toEqual(parts);
  });

  it.each([
    ['three words, none of them known', 'Anne Marie Hansen', ['Kari', 'Nordmann']],
    ['a word between two that stay', 'Kari Lie Nordmann', ['Kari', 'Nordmann']],
    ['one word where there were two', 'Per', ['Kari', 'Nordmann']],
    ['three words and no parts yet', 'Kari Lie Nordmann', ['', '']],
  ])('%s: nobody guesses', (_what, name, now) => {
    expect(splitName(name, now)).toBeNull();
  });

  it('the parts always make the name again', () => {
    const word = fc.constantFrom('Kari', 'Anne', 'Lie', 'Berg', 'Hansen');
    const words = fc.array(word, { maxLength: 4 }).map((all) => all.join(' '));
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 5 }).map((all) => all.join(' ')),
        fc.oneof(fc.tuple(words, words), fc.tuple(words, words, words)),
        (name, now) => {
          const parts = splitName(name, now);
          if (parts === null) return;
          expect(parts).toHaveLength(now.length);
          expect(parts.filter((part) => part !== '').join(' ')).toBe(name);
        },
      ),
    );
  });
});
