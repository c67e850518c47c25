import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isANumber, organizationDigits, organizationNumber } from '../../../../shared/record/index.ts';
import { changeOf, customerEvent, plain } from '../events.ts';
import { organizationNumbers } from './numbers.ts';
import { sameOrganizationNumber } from '../../../../shared/record/equality.ts';

describe('a Norwegian organisation number', () => {
  it.each([
    '921074352',
    'NO 921 074 352 MVA',
    'no921074352mva',
    ' 921\u00a0074\u202f352 ',
    '921.074.352',
    'Org.nr. 921074352',
    'Org. nr.: 921 074 352',
    'Organisasjonsnummer 921074352',
    'NO-921074352',
    'NO 921074352 MVA Foretaksregisteret',
    'Foretaksregisteret NO 921 074 352 MVA',
    '0192:921074352',
    'iso6523-actorid-upis::0192:921074352',
    '9908:NO921074352MVA',
    '="921074352"',
    "'921074352",
    '921074352.0',
    '921074352,00',
    '921 074 352.0',
    '9210-74352',
    '(921 074 352)',
    '９２１０７４３５２',
    '921\u200b074\u00ad352',
  ])('is read: %s', (text) => {
    expect(organizationNumber(text)).toMatchObject({ kind: 'norwegian', digits: '921074352', key: '921074352' });
  });

  it('is one number in any spelling, on either side', () => {
    const blank = fc.constantFrom('', ' ', '.', '-', '\u00a0', "'", '\u2011', '\u200b', ' . ');
    const front = fc.constantFrom(
      '',
      'NO',
      'NO ',
      'no-',
      'Org.nr. ',
      'Orgnr: ',
      '0192:',
      '="',
      "'",
      'Foretaksregisteret NO ',
    );
    const behind = fc.constantFrom('', 'MVA', ' mva', ' MVA Foretaksregisteret', '.0', '"', ' (Foretaksregisteret)');
    const gaps = fc.array(blank, { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(organizationNumbers, gaps, front, behind, (digits, between, before, after) => {
        const text = `${before}${Array.from(digits, (digit, n) => `${digit}${between[n] ?? ''}`).join('')}${after}`;
        expect(organizationDigits(text)).toBe(digits);
        expect(sameOrganizationNumber(text, digits)).toBe(true);
        const change = changeOf(customerEvent({ organizationNumber: text }));
        expect(plain(change)).toMatchObject({ organizationNumber: { key: digits } });
        expect(change.warnings).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a foreign organisation number', () => {
  it.each([
    ['SE556012579001', 'SE556012579001'],
    ['SE 556078-1234 01', 'SE556078123401'],
    ['se 556078 1234-01', 'SE556078123401'],
    ['DE921074352', 'DE921074352'],
    ['VAT SE556012579001', 'SE556012579001'],
    ['CHE-123.456.789', 'CHE123456789'],
    ['FRXX123456789', 'FRXX123456789'],
    ['IE6388047V', 'IE6388047V'],
    ['EL123456789', 'EL123456789'],
    ['ATU12345678', 'ATU12345678'],
    ['NL123456789B01', 'NL123456789B01'],
  ])('%s has the key %s', (text, key) => {
    expect(organizationNumber(text)).toEqual({ kind: 'foreign', text, digits: null, key });
    expect(isANumber(text)).toBe(true);
  });

  it('is another number than the same digits in another country', () => {
    expect(sameOrganizationNumber('DE921074352', '921074352')).toBe(false);
    expect(sameOrganizationNumber('DE921074352', 'AT921074352')).toBe(false);
  });
});

describe('anything else', () => {
  it.each([
    '8,51235E+08',
    '9.21074352E+08',
    '5,11546E+09',
    '921074353',
    'NO921074353',
    '5566778899',
    '12345678',
    'ukjent',
    'ingen',
    'Se notat 12345',
    'DE 1',
    'ZZ123456789',
    'under stiftelse',
    'NULL',
    '-',
    '#N/A',
  ])('"%s" is reported, and finds nothing', (text) => {
    expect(organizationNumber(text)).toEqual({ kind: 'other', text, digits: null, key: null });
    const change = changeOf(customerEvent({ organizationNumber: text }));
    expect(change.warnings).toEqual([
      { code: 'value.not-an-organization-number', pointer: '/0/data/organizationNumber' },
    ]);
  });

  it('and an empty one clears the field', () => {
    const change = changeOf(customerEvent({ organizationNumber: ' \u00a0' }));
    expect(plain(change)).toMatchObject({ organizationNumber: { kind: 'empty', text: '' } });
    expect(change.warnings).toEqual([]);
  });

  it.each([
    ['851234500', true],
    ['921074353', true],
    ['5566778899', true],
    ['ukjent', false],
    ['8,51235E+08', false],
    ['', false],
  ])('%j in the ERP says something of its own: %s', (held, expected) => {
    expect(isANumber(held)).toBe(expected);
  });

  it('costs no time, however it is made', () => {
    const began = process.cpuUsage().user;
    for (const part of ['ORGNR', 'ORG', 'NR', 'NO', 'MVA', '0192:', '1 ', '. ']) organizationNumber(part.repeat(800));
    expect(process.cpuUsage().user - began).toBeLessThan(500_000);
  });
});
