import { describe, expect, it } from 'vitest';
import { type CrmEvent, SAMPLE_CHANGES } from '../../../local/crm/index.ts';
import { SAMPLE_ROWS } from '../../../local/nxt/index.ts';

const digits = (text: string | null | undefined) => (text ?? '').replaceAll(/\D/gu, '');
const isCustomer = (event: CrmEvent) => event.type.startsWith('customer.');
const idsOf = (events: readonly CrmEvent[]) => new Set(events.map(({ data }) => data.crmId));

const numberOf = (data: object): string =>
  'organizationNumber' in data && typeof data.organizationNumber === 'string' ? digits(data.organizationNumber) : '';

function passesMod11(number: string): boolean {
  const sum = [3, 2, 7, 6, 5, 4, 3, 2, 1].reduce((total, weight, n) => total + weight * Number(number[n]), 0);
  return number.length === 9 && sum % 11 === 0;
}

describe('the sample changes', () => {
  it('are six customers and eight contacts', () => {
    expect(idsOf(SAMPLE_CHANGES.filter(isCustomer)).size).toBe(6);
    expect(idsOf(SAMPLE_CHANGES.filter((event) => !isCustomer(event))).size).toBe(8);
  });

  it('hold contacts before their customer, an update, an overtaken event and a repeat', () => {
    const [first] = SAMPLE_CHANGES;
    expect(first).toMatchObject({ type: 'contact.created', data: { relatedCustomerCrmId: 'C-1001' } });
    const versions = SAMPLE_CHANGES.filter(({ data }) => data.crmId === 'C-1001').map(({ version }) => version);
    expect(versions).toEqual([1, 2, 1]);
    expect(SAMPLE_CHANGES.filter(({ id }) => id === first?.id)).toHaveLength(2);
  });

  it('name a customer for every contact', () => {
    const customers = idsOf(SAMPLE_CHANGES.filter(isCustomer));
    const parents = SAMPLE_CHANGES.flatMap(({ data }) =>
      'relatedCustomerCrmId' in data ? [data.relatedCustomerCrmId] : [],
    );
    expect(parents).toHaveLength(9);
    for (const parent of parents) expect(customers).toContain(parent);
  });

  it('meet a customer that stands in the ERP under another spelling, and a supplier', () => {
    const known = SAMPLE_CHANGES.flatMap(({ data }) => {
      const row = SAMPLE_ROWS.find(({ companyNo }) => numberOf(data) !== '' && digits(companyNo) === numberOf(data));
      return row === undefined ? [] : [[data.crmId, row.associateNo, row.companyNo]];
    });
    expect(known).toEqual([
      ['C-1003', 10, 'NO 925 481 459 MVA'],
      ['C-1005', 20, '895145475'],
    ]);
  });

  it('use organisation numbers that pass mod-11, as do the sample rows', () => {
    const numbers = [
      ...SAMPLE_CHANGES.map(({ data }) => numberOf(data)),
      ...SAMPLE_ROWS.map((row) => digits(row.companyNo)),
    ];
    for (const number of numbers.filter((text) => text !== '')) expect(passesMod11(number), number).toBe(true);
  });
});
