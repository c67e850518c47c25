import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf, contactEvent, customerEvent, plain } from '../events.ts';

const blanks = fc.string({
  unit: fc.constantFrom(
    ...Array.from(
      ' \t\r\n\v\f\u0085\u00a0\u2003\u2007\u202f\u3000\u2028\u200b\u200d\u2060\ufeff\u00ad\u202e\u0000\u034f',
    ),
  ),
  maxLength: 20,
});

describe('a text of blanks', () => {
  it('is an empty one, in every field', () => {
    fc.assert(
      fc.property(blanks, (none) => {
        const customer = {
          organizationNumber: none,
          address: none,
          postalCode: none,
          city: none,
          customerNumber: none,
        };
        expect(plain(changeOf(customerEvent({ ...customer, actorNumber: none })))).toEqual({
          companyName: 'Port-Service Øst AS',
          organizationNumber: { kind: 'empty', text: '', digits: null, key: null },
          address: '',
          postalCode: '',
          city: '',
        });
        const contact = { emailAddress: none, phoneNumber: none, relatedCustomerCrmId: none, actorNumber: none };
        expect(plain(changeOf(contactEvent(contact)))).toEqual({
          name: 'Kari Nordmann',
          emailAddress: '',
          phoneNumber: '',
        });
        expect(changeOf(contactEvent({ name: none })).body).toMatchObject({ problems: [{ code: 'value.missing' }] });
      }),
    );
  });
});

describe('a very long text', () => {
  it('is refused before it is normalised', () => {
    for (const field of ['companyName', 'address', 'city', 'organizationNumber']) {
      const change = changeOf(customerEvent({ [field]: `${' '.repeat(4_000)}x` }));
      expect(change.body).toMatchObject({ problems: [{ code: 'value.too-long', pointer: `/0/data/${field}` }] });
    }
    expect(plain(changeOf(customerEvent({ city: `${' '.repeat(3_999)}x` })))).toMatchObject({ city: 'x' });
  });
});

describe('a postal code of three digits', () => {
  const warned = (data: object) => changeOf(customerEvent(data)).warnings;
  const short = [{ code: 'value.postal-code-short', pointer: '/0/data/postalCode' }];

  it('is reported where the company is Norwegian, and where the place may be Oslo', () => {
    expect(warned({ postalCode: '180', city: 'OSLO', organizationNumber: '861234517' })).toEqual(short);
    expect(warned({ postalCode: '277', city: 'Oslo' })).toEqual(short);
    expect(warned({ postalCode: '277' })).toEqual(short);
  });

  it('is right in Iceland and on the Faroe Islands', () => {
    expect(warned({ postalCode: '101', city: 'Reykjavík', organizationNumber: 'IS12345' })).toEqual([]);
    expect(warned({ postalCode: '101', city: 'Reykjavík' })).toEqual([]);
    expect(warned({ postalCode: '100', city: 'Tórshavn' })).toEqual([]);
    expect(plain(changeOf(customerEvent({ postalCode: '101' })))).toMatchObject({ postalCode: '101' });
  });
});
