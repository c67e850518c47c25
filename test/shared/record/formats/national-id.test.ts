import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf, contactEvent, customerEvent, plain } from '../events.ts';
import { nationalIds } from './numbers.ts';

// 150657 54433 has a valid date and control digits, and a year of birth, 1857, in which nobody lives.

const REPORTED = 'value.national-id-dropped';

describe('an identity number', () => {
  it.each([
    ['companyName', customerEvent({ companyName: 'Kari Prøve (150657 54433)' })],
    ['name', contactEvent({ name: 'Kari Prøve (150657 54433)' })],
    ['name', contactEvent({ name: 'Kari 15065754433 Prøve' })],
  ])('in a name makes the record failed, and nothing of it is kept: %s', (field, event) => {
    const { body } = changeOf(event);
    expect(body).toMatchObject({
      op: 'invalid',
      problems: [{ code: 'value.national-id', pointer: `/0/data/${field}` }],
    });
    expect(JSON.stringify(body)).not.toMatch(/15065|54433|Kari/);
  });

  it.each([
    ['phoneNumber', contactEvent({ phoneNumber: '150657 54433' })],
    ['phoneNumber', contactEvent({ phoneNumber: '+47 150657 54433' })],
    ['emailAddress', contactEvent({ emailAddress: '15065754433@example.no' })],
    ['emailAddress', contactEvent({ emailAddress: 'kari.150657.54433@example.no' })],
    ['address', customerEvent({ address: 'c/o Kari, fnr 150657 54433\nGata 1' })],
    ['address', customerEvent({ address: 'Gata 1\n150657\n54433' })],
    ['address', customerEvent({ address: 'f. 150657, pnr. 54433' })],
    ['address', customerEvent({ address: '15.06.1857 54433' })],
    ['address', customerEvent({ address: '1857-06-15-54433' })],
    ['address', customerEvent({ address: '15.6.57-54433' })],
    ['address', customerEvent({ address: '150657&nbsp;54433' })],
    ['address', customerEvent({ address: '150657&#8209;54433' })],
    ['address', customerEvent({ address: '&#49;50657 54433' })],
    ['address', customerEvent({ address: '150657%C2%A054433' })],
    ['address', customerEvent({ address: String.raw`150657\u002D54433` })],
    ['address', customerEvent({ address: String.raw`\u0031\x350657\n54433` })],
    ['city', customerEvent({ city: '١٥٠٦٥٧ ٥٤٤٣٣' })],
    ['city', customerEvent({ city: '１５０６５７５４４３３' })],
    ['city', customerEvent({ city: '𝟏𝟓𝟎𝟔𝟓𝟕𝟓𝟒𝟒𝟑𝟑' })],
    ['postalCode', customerEvent({ postalCode: '15065754433' })],
    ['postalCode', customerEvent({ postalCode: '1506\u200b575\u20604433' })],
    // Born on the 5th: a spreadsheet took the zero.
    ['city', customerEvent({ city: '5115460872' })],
    ['address', customerEvent({ address: 'fnr 51154 60872, Gata 1' })],
  ])('in another field is dropped, and reported: %s', (field, event) => {
    const change = changeOf(event);
    expect(plain(change)).not.toBeNull();
    expect(plain(change)).not.toHaveProperty(field);
    expect(change.warnings).toEqual([{ code: REPORTED, pointer: `/0/data/${field}` }]);
  });

  it.each(['–', '\u2011', '\u2212', '·', ' _ ', ',', '*', '+', '~', '/', '.', ' ', '\t', '\u00a0', '—', '|'])(
    'in the organisation number is dropped without being right, with %j between its digits',
    (separator) => {
      const change = changeOf(customerEvent({ organizationNumber: `010190${separator}12345` }));
      expect(plain(change)).toEqual({ companyName: 'Port-Service Øst AS' });
      expect(change.warnings).toEqual([{ code: REPORTED, pointer: '/0/data/organizationNumber' }]);
    },
  );

  it.each([
    '01019012345',
    '010190(12345)',
    'NO 41019012345 MVA',
    'fnr: 01 01 90 12345',
    '01.01.1990 12345',
    '921074352 / 010190 12345',
    '921074352 15065754433',
    '5115460872',
    '051154-60872',
  ])('in the organisation number is dropped: %s', (organizationNumber) => {
    expect(changeOf(customerEvent({ organizationNumber })).warnings).toMatchObject([{ code: REPORTED }]);
  });

  it('hides nowhere', () => {
    const separators = fc.constantFrom(
      '',
      ' ',
      '-',
      '–',
      '.',
      '·',
      '_',
      ', ',
      '/',
      '~',
      '\u00a0',
      '\u200b',
      ' | ',
      '\t',
      '()',
    );
    const scripts = fc.constantFrom(0x30, 0x660, 0x6f0, 0x966, 0xe50, 0xff10, 0x1d7ce, 0x1d7d8);
    const beside = fc.constantFrom('', 'fnr ', 'tlf 22 33 44 55, ', 'Kunde 10001: ', 'Gata 12 B, ');
    const behind = fc.constantFrom('', ' mob', ', 0150', ' (921074352)', ' tlf 92099720');
    const fields = fc.constantFrom(
      'phoneNumber',
      'emailAddress',
      'address',
      'postalCode',
      'city',
      'organizationNumber',
    );
    const hidden = fc.record({
      id: nationalIds,
      separators: fc.array(separators, { minLength: 10, maxLength: 10 }),
      scripts,
      isLost: fc.boolean(),
    });
    fc.assert(
      fc.property(
        hidden,
        beside,
        behind,
        fields,
        ({ id, separators: between, scripts: zero, isLost }, before, after, field) => {
          const digits = isLost && id.startsWith('0') ? id.slice(1) : id;
          const written = Array.from(
            digits,
            (digit, n) =>
              `${String.fromCodePoint(zero + Number(digit))}${n === digits.length - 1 ? '' : (between[n] ?? '')}`,
          );
          const text = `${before}${written.join('')}${after}`;
          const make = ['phoneNumber', 'emailAddress'].includes(field) ? contactEvent : customerEvent;
          const change = changeOf(make({ [field]: text }));
          expect(plain(change)).not.toHaveProperty(field);
          expect(change.warnings).toMatchObject([{ code: REPORTED }]);
          expect(changeOf(contactEvent({ name: text })).body).toMatchObject({
            problems: [{ code: 'value.national-id' }],
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('what is no identity number stays', () => {
  it.each([
    ['address', customerEvent({ address: 'Vare 98765432109' })],
    ['address', customerEvent({ address: 'Gate 12345678901' })],
    // A wrong control digit.
    ['address', customerEvent({ address: '150657 54434' })],
    // No such day.
    ['address', customerEvent({ address: 'KID 32065754433' })],
    ['companyName', customerEvent({ companyName: 'Byggeplass 2026 nr. 12345678901 AS' })],
    ['organizationNumber', customerEvent({ organizationNumber: 'IT 01234567890' })],
    ['organizationNumber', customerEvent({ organizationNumber: 'HR12345678901' })],
    ['organizationNumber', customerEvent({ organizationNumber: 'SE 556078-1234 01' })],
    ['organizationNumber', customerEvent({ organizationNumber: 'SE5020123456' })],
    ['organizationNumber', customerEvent({ organizationNumber: 'BR12345678000195' })],
  ])('%s', (field, event) => {
    const change = changeOf(event);
    expect(plain(change)).toHaveProperty(field);
    expect(change.warnings).toEqual([]);
  });

  it.each([
    '+47 580 012 345 678',
    '+45 20 12 34 56',
    '+46 70 123 45 67',
    '+48 22 123 45 67',
    '+1 (213) 373-4253',
    '02800',
    '1881',
  ])('a phone number: %s', (phoneNumber) => {
    const change = changeOf(contactEvent({ phoneNumber }));
    expect(plain(change)).toHaveProperty('phoneNumber');
    expect(change.warnings).not.toContainEqual(expect.objectContaining({ code: REPORTED }));
  });

  it('every Norwegian and Danish phone number', () => {
    const phone = fc.tuple(
      fc.constantFrom('+47', '+45', '0047', '0045'),
      fc.integer({ min: 20_000_000, max: 99_999_999 }),
    );
    fc.assert(
      fc.property(phone, ([country, number]) => {
        const change = changeOf(contactEvent({ phoneNumber: `${country} ${number}` }));
        expect(plain(change)).toHaveProperty('phoneNumber');
      }),
      { numRuns: 2_000 },
    );
  });
});
