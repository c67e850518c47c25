import { describe, expect, it } from 'vitest';
import { contactSituation, customerSituation, row, written } from './situations.ts';
import type { Policy } from '../../../shared/sync/decide/situation.ts';

const POLICY: Policy = {
  NXT_FIRST_LINK: 'update',
  NXT_ERP_EDITS: 'keep',
  NXT_SAME_ORG_NUMBER: 'ask',
  NXT_SAME_NAME: 'ask',
};
/** A row that holds exactly what the usual event says. */
const EQUAL = {
  associateNo: 5,
  customerNo: 10001,
  externalId: 'crm:customer:C-1',
  name: 'Port-Service Øst AS',
  companyNo: '921074352',
  addressLine1: 'Rødbølveien 22',
  postCode: '3270',
  postalArea: 'Larvik',
} as const;
const customer = (over: object, given: Parameters<typeof customerSituation>[0] = {}) =>
  written(customerSituation({ link: 5, rows: [row({ ...EQUAL, ...over })], ...given }));
const contact = (over: object, given: Parameters<typeof contactSituation>[0] = {}) =>
  written(
    contactSituation({
      link: 5,
      rows: [
        row({
          associateNo: 5,
          contactFor: 7,
          externalId: 'crm:contact:P-1',
          name: 'Kari Nordmann',
          emailAddress: 'kari@example.no',
          phone: '+4792099720',
          ...over,
        }),
      ],
      ...given,
    }),
  );

describe('what is written to a linked row', () => {
  it.each([
    ['the organisation number', { companyNo: 'NO 921 074 352 MVA' }],
    ['the city', { postalArea: 'LARVIK' }],
    ['padding', { name: 'Port-Service Øst AS   ', postCode: '3270  ' }],
    ['the Unicode form of letters', { name: 'Port-Service Øst AS'.normalize('NFD') }],
  ])('is nothing when only the ERP’s spelling differs: %s', (_, over) => {
    expect(customer(over)).toEqual({});
  });

  it.each([
    ['the phone number', { phone: '920 99 720' }],
    ['its place, with the mobile numbers', { phone: '', mobilePhone: '92 09 97 20' }],
    ['the case of the e-mail', { emailAddress: 'Kari@Example.NO' }],
  ])('is nothing when only the ERP’s spelling differs: %s of a contact', (_, over) => {
    expect(contact(over)).toEqual({});
  });

  it('is only the column that differs', () => {
    expect(customer({ postCode: '3271' })).toEqual({ postCode: '3270' });
    expect(customer({ addressLine2: 'Bakgården' })).toEqual({ addressLine2: '' });
    expect(contact({ emailAddress: 'karin@example.no' })).toEqual({ emailAddress: 'kari@example.no' });
  });

  it('never is a field the CRM does not manage: null and absent leave it', () => {
    const data = { address: null, city: undefined, postalCode: null, organizationNumber: null };
    expect(customer({ addressLine1: 'Annen vei 1', postalArea: 'Oslo', postCode: '0150' }, { data })).toEqual({});
    expect(
      contact({ phone: '22334455', emailAddress: 'x@y.no' }, { data: { phoneNumber: null, emailAddress: null } }),
    ).toEqual({});
  });

  it('clears with an empty text, once', () => {
    const data = { address: '', city: '', organizationNumber: '' };
    expect(customer({}, { data })).toEqual({ addressLine1: '', postalArea: '', companyNo: '' });
    expect(customer({ addressLine1: '', postalArea: ' ', companyNo: '' }, { data })).toEqual({});
  });

  it('spreads an address over its four lines', () => {
    expect(customer({}, { data: { address: 'c/o Larsen\nRødbølveien 22' } })).toEqual({
      addressLine1: 'c/o Larsen',
      addressLine2: 'Rødbølveien 22',
    });
  });

  it('with NXT_ERP_EDITS=keep is only what changed in the CRM since it was last applied', () => {
    const over = { name: 'Rettet av regnskap', postalArea: 'Stavern' };
    const isChanged = (field: string) => field === 'city';
    expect(customer(over, { isChanged })).toEqual({ postalArea: 'Larvik' });
    expect(customer(over, { isChanged, policy: { ...POLICY, NXT_ERP_EDITS: 'overwrite' } })).toEqual({
      name: 'Port-Service Øst AS',
      postalArea: 'Larvik',
    });
  });

  it('is the external id, should it have been emptied, and never over another one', () => {
    expect(customer({ externalId: '' })).toEqual({ externalId: 'crm:customer:C-1' });
    expect(customer({ externalId: 'WEBSHOP-77' })).toEqual({});
    expect(customer({ externalId: 'CRM:CUSTOMER:C-1' })).toEqual({});
    expect(customer({ externalId: '' }, { externalId: null })).toEqual({});
  });

  it('takes a deletion mark away, and no other text in that column', () => {
    expect(customer({ deletionMark: 'Slettet i CRM' }, { deletionMark: 'Slettet i CRM' })).toEqual({
      deletionMark: '',
    });
    expect(customer({ deletionMark: 'Purres' }, { deletionMark: 'Slettet i CRM' })).toEqual({});
  });
});

describe('what is written when a row is linked for the first time', () => {
  const over = { externalId: '', name: 'Navn i ERP', postalArea: '' };
  const first = (policy: Policy['NXT_FIRST_LINK'], more: object = {}) =>
    customer(over, { link: null, policy: { ...POLICY, NXT_FIRST_LINK: policy }, ...more });

  it('with NXT_FIRST_LINK=update is everything that differs', () => {
    expect(first('update')).toEqual({
      externalId: 'crm:customer:C-1',
      name: 'Port-Service Øst AS',
      postalArea: 'Larvik',
    });
  });

  it('with fill is what the ERP lacks', () => {
    expect(first('fill')).toEqual({ externalId: 'crm:customer:C-1', postalArea: 'Larvik' });
  });

  it('with link-only is the link', () => {
    expect(first('link-only')).toEqual({ externalId: 'crm:customer:C-1' });
  });

  it('does not become more when the link was saved and the process ended before anything was applied', () => {
    const again = { link: 5, linkIsNew: true };
    expect(first('link-only', again)).toEqual({ externalId: 'crm:customer:C-1' });
    expect(first('fill', again)).toEqual({ externalId: 'crm:customer:C-1', postalArea: 'Larvik' });
  });
});

describe('what is written to a new row', () => {
  it('leaves out what is empty or not managed', () => {
    expect(written(customerSituation({ data: { address: '', city: null } }))).toEqual({
      externalId: 'crm:customer:C-1',
      name: 'Port-Service Øst AS',
      companyNo: '921074352',
      postCode: '3270',
    });
  });

  it('holds the CRM’s customer number, and a contact its customer', () => {
    expect(written(customerSituation({ data: { customerNumber: 10500 } }))).toMatchObject({ customerNo: 10500 });
    expect(written(contactSituation())).toMatchObject({ contactFor: 7, phone: '+4792099720' });
  });

  it('keeps an organisation number that is not Norwegian as text', () => {
    expect(written(customerSituation({ data: { organizationNumber: 'DE 811907980' } }))).toMatchObject({
      companyNo: 'DE 811907980',
    });
  });
});
