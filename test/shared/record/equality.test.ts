import { sameCity } from '../../../shared/record/equality.ts';
import { addressLines } from '../../../shared/record/formats/address.ts';
import { describe, expect, it } from 'vitest';
import { canonicalFields, sameEmail, samePhone, samePostalCode, sameText } from '../../../shared/record/index.ts';
import { changeOf, contactEvent, customerEvent } from './events.ts';
import { sameOrganizationNumber } from '../../../shared/record/equality.ts';

const canonical = (event: object) => {
  const { body } = changeOf(event);
  return body.op === 'upsert' ? canonicalFields(body.values) : null;
};

describe('the ERP already says what the CRM says', () => {
  it('in text by NFC, without invisible characters and blanks around it', () => {
    expect(sameText('A\u030Alesund ', 'Ålesund')).toBe(true);
    expect(sameText('Oslo', 'oslo')).toBe(false);
    expect(sameText('Oslo', '\u2060Os\u200blo\u00a0')).toBe(true);
    expect(sameText('Mo i Rana', 'Mo\u00a0i Rana')).toBe(true);
  });

  it('in a city ignoring case', () => {
    expect(sameCity('LARVIK ', 'Larvik')).toBe(true);
    expect(sameCity('Larvik', 'Lørvik')).toBe(false);
  });

  it('in an organisation number by digits, when both are Norwegian', () => {
    expect(sameOrganizationNumber('NO 921 074 352 MVA', '921074352')).toBe(true);
    expect(sameOrganizationNumber('921074352MVA', 'NO921074352')).toBe(true);
    expect(sameOrganizationNumber('DE921074352', '921074352')).toBe(false);
    expect(sameOrganizationNumber('DE1 ', 'DE1')).toBe(true);
  });

  it('in a phone number by E.164', () => {
    expect(samePhone('920 99 720', '+4792099720')).toBe(true);
    expect(samePhone('+46 920 99 720', '+4792099720')).toBe(false);
    expect(samePhone('ring ', 'ring')).toBe(true);
    expect(samePhone('', '+4792099720')).toBe(false);
  });

  it('in a postal code that lost its zero, or has blanks in it', () => {
    expect(samePostalCode('277', '0277')).toBe(true);
    expect(samePostalCode('0277', 'NO-0277')).toBe(true);
    expect(samePostalCode('111 22', '11122')).toBe(true);
    expect(samePostalCode('277', '2770')).toBe(false);
    expect(samePostalCode('', '0277')).toBe(false);
  });

  it.each([
    ['kari@EXAMPLE.no', 'Kari@example.no'],
    ['mona.berg@delta.example', 'Mona.Berg@Delta.example'],
    ['max@epost.example', 'MAX@EPOST.EXAMPLE'],
    ['kari@blåbær.no', 'kari@xn--blbr-roah.no'],
    ['kari@x.no', 'mailto:kari@x.no'],
    ['kari@x.no', 'Kari Nordmann <Kari@x.no>'],
    ['"Nordmann, Kari" <kari@x.no>', 'kari@x.no'],
    ['kari@x.no', 'post@x.no; kari@x.no'],
    ['kari@x.no', 'post@x.no,kari@x.no'],
    ['kari@x.no', 'post@x.no kari@x.no'],
    ['kari@x.no', 'Post <post@x.no>; Kari Nordmann <kari@x.no>'],
    ['kari@x.no\u200b', 'kari@x.no'],
  ])('in an e-mail address by meaning: %s is in %s', (wanted, held) => {
    expect(sameEmail(wanted, held)).toBe(true);
  });

  it.each([
    ['kari@x.no', 'karin@x.no'],
    ['kari@x.no', 'kari@y.no'],
    ['kari@x.no', ''],
    ['', 'kari@x.no'],
    // The ERP would lose the second.
    ['post@x.no; kari@x.no', 'kari@x.no'],
  ])('and another address is another: %s, %s', (wanted, held) => {
    expect(sameEmail(wanted, held)).toBe(false);
  });
});

describe('the canonical fields', () => {
  it('are equal for spellings that mean the same', () => {
    const one = customerEvent({ organizationNumber: 'Org.nr. 921.074.352', city: 'LARVIK', postalCode: '277' });
    const other = customerEvent({ organizationNumber: '921074352', city: ' Larvik', postalCode: '0277' });
    expect(canonical(one)).toEqual(canonical(other));
    expect(canonical(contactEvent({ phoneNumber: '920 99 720' }))).toEqual(
      canonical(contactEvent({ phoneNumber: '+47 92099720' })),
    );
    expect(canonical(contactEvent({ emailAddress: 'Kari <KARI@BLÅBÆR.no>' }))).toEqual(
      canonical(contactEvent({ emailAddress: 'kari@xn--blbr-roah.no' })),
    );
  });

  it('hold only what is managed and written to the row, in a fixed order', () => {
    const given = canonical(customerEvent({ city: '', organizationNumber: 'DE 1', actorNumber: 5, customerNumber: 6 }));
    expect(Object.entries(given ?? {})).toEqual([
      ['companyName', 'Port-Service Øst AS'],
      ['organizationNumber', 'DE 1'],
      ['city', ''],
    ]);
  });
});

it('an address has four lines', () => {
  expect(addressLines('a\nb')).toEqual(['a', 'b', '', '']);
  expect(addressLines('')).toEqual(['', '', '', '']);
});
