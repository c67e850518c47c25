import { sameCity } from '../../../shared/record/equality.ts';
import { addressLines } from '../../../shared/record/formats/address.ts';
import { describe, expect, it } from 'vitest';
import {
  canonicalFields,
  nameForMatching,
  sameEmail,
  sameName,
  sameOrganizationNumber,
  samePhone,
  sameText,
} from '../../../shared/record/index.ts';
import { changeOf, contactEvent, customerEvent } from './events.ts';

const canonical = (event: object) => {
  const { body } = changeOf(event);
  return body.op === 'upsert' ? canonicalFields(body.values) : null;
};

describe('the ERP already says what the CRM says', () => {
  it('in text by NFC and trimmed end', () => {
    expect(sameText('A\u030Alesund ', 'Ålesund')).toBe(true);
    expect(sameText('Oslo', 'oslo')).toBe(false);
    expect(sameText(' Oslo', 'Oslo')).toBe(false);
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

  it('in an e-mail address with another case in its domain', () => {
    expect(sameEmail('kari@EXAMPLE.no', 'kari@example.no')).toBe(true);
    expect(sameEmail('Kari@example.no', 'kari@example.no')).toBe(false);
  });

  it('in a name for matching, without regard to case and inner white space', () => {
    expect(nameForMatching('  PORT-Service\u00a0 ØST  as ')).toBe('port-service øst as');
    expect(sameName('Port-Service Øst AS', 'PORT-SERVICE  ØST AS')).toBe(true);
  });
});

describe('the canonical fields', () => {
  it('are equal for spellings that mean the same', () => {
    const one = customerEvent({ organizationNumber: 'NO 921 074 352 MVA', city: 'LARVIK', address: 'a\r\nb' });
    const other = customerEvent({ organizationNumber: '921074352', city: ' Larvik', address: 'a\nb\n' });
    expect(canonical(one)).toEqual(canonical(other));
    expect(canonical(contactEvent({ phoneNumber: '920 99 720' }))).toEqual(
      canonical(contactEvent({ phoneNumber: '+47 92099720' })),
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
