import { describe, expect, it } from 'vitest';
import { contactSituation as situation, row, verdict, written } from './situations.ts';

const person = (associateNo: number, more: Partial<Parameters<typeof row>[0]> = {}) =>
  row({ associateNo, contactFor: 7, name: 'Kari Nordmann', emailAddress: 'kari@example.no', ...more });

describe('the first link of a contact', () => {
  it('is none when nobody of the customer fits', () => {
    expect(verdict(situation())).toBe('create');
    expect(written(situation())).toMatchObject({ externalId: 'crm:contact:P-1', contactFor: 7, name: 'Kari Nordmann' });
  });

  it('is the customer’s contact with this e-mail and name', () => {
    const rows = [person(5, { emailAddress: 'kari@EXAMPLE.no' }), person(6, { emailAddress: 'kari.n@example.no' })];
    expect(verdict(situation({ rows }))).toBe('link 5 by customer-email-name');
  });

  it('is the one with this name where at most one side has an e-mail', () => {
    expect(verdict(situation({ rows: [person(5, { emailAddress: '' })] }))).toBe('link 5 by customer-name');
    expect(verdict(situation({ rows: [person(5)], data: { emailAddress: null } }))).toBe('link 5 by customer-name');
    expect(verdict(situation({ rows: [person(5)], data: { emailAddress: '' } }))).toBe('link 5 by customer-name');
    expect(verdict(situation({ rows: [person(5, { emailAddress: 'ola@example.no' })] }))).toBe('create');
  });

  it.each([
    ['post@firma.no; "Nordmann, Kari" <KARI@EXAMPLE.NO>', 'kari@example.no'],
    ['kari@example.no', 'kari@privat.example, kari@example.no'],
    ['kari@example.no;kari@gammel.example', '"Kari" <kari@example.no>; kari@ny.example'],
    ['kari@xn--blbr-roah.no', 'Kari@Blåbær.NO'],
  ])('is by one address in common where a side has several: ERP %s, CRM %s', (held, sent) => {
    const rows = [person(5, { emailAddress: held }), person(6, { emailAddress: 'kari@other.example' })];
    expect(verdict(situation({ rows, data: { emailAddress: sent } }))).toBe('link 5 by customer-email-name');
  });

  it('never comes from a shared address: post@firma.no renames nobody', () => {
    const data = { emailAddress: 'post@firma.no' };
    const rows = [person(5, { name: 'Ola Nordmann', emailAddress: 'post@firma.no' })];
    expect(verdict(situation({ rows, data }))).toBe('create');
    // The same person at that address is known by name and address together.
    const both = [...rows, person(6, { emailAddress: 'post@firma.no' })];
    expect(verdict(situation({ rows: both, data }))).toBe('link 6 by customer-email-name');
  });

  it('is ambiguous between two of the same name', () => {
    const rows = [person(5, { emailAddress: '' }), person(6, { emailAddress: '' })];
    expect(verdict(situation({ rows }))).toBe('match.ambiguous 5,6');
    expect(verdict(situation({ rows: [person(5), person(6)] }))).toBe('match.ambiguous 5,6');
  });

  it('never is a contact of another customer, though name and e-mail are equal', () => {
    expect(verdict(situation({ rows: [person(5, { contactFor: 8 })] }))).toBe('create');
    expect(verdict(situation({ rows: [person(5, { contactFor: 0 })] }))).toBe('create');
  });

  it.each(['customerNo', 'supplierNo', 'employeeNo', 'deliverTo'] as const)('never is a row with a %s', (column) => {
    expect(verdict(situation({ rows: [person(5, { [column]: 42 })] }))).toBe('create');
    expect(verdict(situation({ rows: [person(5, { [column]: 42 })], data: { actorNumber: 5 } }))).toBe(
      'match.conflict 5',
    );
    const own = [person(5, { [column]: 42, externalId: 'crm:contact:P-1' })];
    expect(verdict(situation({ rows: own }))).toBe('match.conflict 5');
  });

  it.each(['crm:contact:P-2', 'crm:contact:p-1', 'crm:customer:P-1'])(
    'never is a row with the external id %s',
    (externalId) => {
      expect(verdict(situation({ rows: [person(5, { externalId })] }))).toBe('create');
      expect(verdict(situation({ rows: [person(5, { externalId })], data: { actorNumber: 5 } }))).toBe(
        'match.already-linked 5',
      );
    },
  );

  it('never is a row that a claim gives to another record', () => {
    expect(verdict(situation({ rows: [person(5)], taken: [5] }))).toBe('create');
  });

  it('goes by the actor number unless the row is another customer’s', () => {
    const data = { actorNumber: 5 };
    expect(verdict(situation({ data, rows: [row({ associateNo: 5, name: 'Nordmann' })] }))).toBe(
      'link 5 by actor-number',
    );
    expect(verdict(situation({ data, rows: [row({ associateNo: 5, name: 'Ola Hansen' })] }))).toBe('match.conflict 5');
    expect(verdict(situation({ data, rows: [person(5)] }))).toBe('link 5 by actor-number');
    expect(verdict(situation({ data, rows: [person(5, { contactFor: 8 })] }))).toBe('match.conflict 5');
    expect(verdict(situation({ data }))).toBe('link.not-found 5');
  });
});

describe('a linked contact', () => {
  it('moves to its new customer and keeps everything else', () => {
    const rows = [person(5, { contactFor: 8, externalId: 'crm:contact:P-1', phone: '+4792099720' })];
    expect(written(situation({ rows, link: 5 }))).toEqual({ contactFor: 7 });
  });
});
