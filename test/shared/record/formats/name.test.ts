import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followsName, namesAgree, sameCompanyName, sameName } from '../../../../shared/record/index.ts';

describe('one company', () => {
  it.each([
    ['Port-Service Øst AS', 'PORT SERVICE ØST'],
    ['Port-Service Øst A/S', 'Port-Service Øst AS'],
    ['Havbris A.S.', 'Havbris'],
    ['AS Havbris', 'Havbris AS'],
    ['Nes & Sønn ANS', 'Nes, Sønn'],
    ['Svenska Möbler AB (publ)', 'Svenska Möbler'],
    ['Eik\u200b Møbler\u00a0AS', 'Eik Møbler as'],
    ['J.S. Bach AS', 'J S Bach'],
  ])('%s = %s', (a, b) => {
    expect(sameCompanyName(a, b)).toBe(true);
    expect(namesAgree(a, b)).toBe(true);
  });

  it.each([
    ['Havbris', 'Havbris Regnskap AS'],
    ['Møbler Eik', 'Eik Møbler Larvik AS'],
  ])('may be: all words of %s stand in %s', (a, b) => {
    expect(sameCompanyName(a, b)).toBe(false);
    expect(namesAgree(a, b)).toBe(true);
    expect(namesAgree(b, a)).toBe(true);
  });

  it.each([
    ['Eik Møbler AS', 'Helt Annet Firma AS'],
    ['Furu Møbler AS', 'Svenska Möbler AB'],
    ['Eik Møbler AS', 'Eik Bygg AS'],
    ['AS', 'Eik AS'],
    ['', 'Eik AS'],
    ['...', 'Eik AS'],
  ])('is not %s and %s', (a, b) => {
    expect(sameCompanyName(a, b)).toBe(false);
    expect(namesAgree(a, b)).toBe(false);
  });

  it('agrees with itself, whatever it is called', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => /[\p{L}\p{N}]/u.test(text));
    fc.assert(
      fc.property(name, (text) => sameName(text, text) && sameCompanyName(text, text) && namesAgree(text, text)),
    );
  });
});

describe('one person', () => {
  it('in any case and with any punctuation, but with every word', () => {
    expect(sameName('Jan-Erik Berg', 'JAN ERIK BERG')).toBe(true);
    expect(sameName('Wenche\u200b Ås', 'Wenche Ås')).toBe(true);
    expect(sameName('Ana Da Silva', 'Ana Silva')).toBe(false);
    expect(sameName('Ana Silva', 'Silva Ana')).toBe(false);
    expect(sameName('', '')).toBe(false);
  });
});

it('a short name follows the name where it was the same', () => {
  expect(followsName('Even Gammelnavn', 'Even Gammelnavn ')).toBe(true);
  expect(followsName('EVEN', 'Even Gammelnavn')).toBe(false);
  expect(followsName('', '')).toBe(false);
});
