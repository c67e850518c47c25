import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/sync/decide/decide.ts';
import { customerSituation as situation, row, verdict, written } from './situations.ts';

const ORG = '921074352';
const NAME = 'Port-Service Øst AS';

describe('the first link of a customer', () => {
  it('is none when no row fits: a row is created with the external id', () => {
    expect(verdict(situation())).toBe('create');
    expect(written(situation())).toMatchObject({ externalId: 'crm:customer:C-1', name: NAME, companyNo: ORG });
  });

  it.each([ORG, 'NO 921 074 352 MVA', '921 074 352', 'NO921074352MVA', '921074352 MVA'])(
    'is found by organisation number, spelled %s',
    (companyNo) => {
      const rows = [row({ associateNo: 5, customerNo: 10001, companyNo, name: 'Et annet navn' })];
      expect(verdict(situation({ rows }))).toBe('link 5 by organization-number');
    },
  );

  it('never is a row with a foreign number that has the same digits', () => {
    expect(verdict(situation({ rows: [row({ associateNo: 5, companyNo: 'DE921074352' })] }))).toBe('create');
  });

  it('does not use a number that is not Norwegian', () => {
    const rows = [row({ associateNo: 5, companyNo: '921074353' })];
    expect(verdict(situation({ rows, data: { organizationNumber: '921074353' } }))).toBe('create');
  });

  it('is never decided by a name: a person says whether it is the same company', () => {
    const rows = [row({ associateNo: 5, customerNo: 1, name: 'PORT-SERVICE ØST' })];
    expect(verdict(situation({ rows }))).toBe('match.possible 5');
    const create = { NXT_FIRST_LINK: 'update', NXT_ERP_EDITS: 'keep', NXT_SAME_ORG_NUMBER: 'ask' } as const;
    expect(verdict(situation({ rows, policy: { ...create, NXT_SAME_NAME: 'create' } }))).toBe('create');
  });

  it.each<[string, Parameters<typeof row>[0], object, string]>([
    ['a supplier', { associateNo: 5, supplierNo: 50001 }, {}, 'match.possible 5'],
    ['the same postal code', { associateNo: 5, customerNo: 1, postCode: '3270' }, {}, 'match.possible 5'],
    ['another postal code', { associateNo: 5, customerNo: 1, postCode: '0180' }, {}, 'create'],
    [
      'no postal code here',
      { associateNo: 5, customerNo: 1, postCode: '0180' },
      { postalCode: '' },
      'match.possible 5',
    ],
    ['another company’s number', { associateNo: 5, customerNo: 1, companyNo: '974760673' }, {}, 'create'],
    ['an unreadable number', { associateNo: 5, customerNo: 1, companyNo: '9,21E+08' }, {}, 'match.possible 5'],
    ['no role', { associateNo: 5 }, {}, 'create'],
    ['another record’s row', { associateNo: 5, customerNo: 1, externalId: 'crm:customer:C-2' }, {}, 'create'],
    ['a contact', { associateNo: 5, contactFor: 7 }, {}, 'create'],
  ])('asks about a row of the same name, being %s, only where nothing tells the two apart', (_, shape, data, said) => {
    expect(verdict(situation({ data, rows: [row({ name: NAME, ...shape })] }))).toBe(said);
  });

  it('is settled by exactly one equal name among several rows with one number', () => {
    const rows = [
      row({ associateNo: 5, companyNo: ORG, name: 'Larvik kommune, skole' }),
      row({ associateNo: 6, companyNo: ORG, name: '  port-service  ØST as ' }),
    ];
    expect(verdict(situation({ rows }))).toBe('link 6 by organization-number-and-name');
  });

  it.each([
    ['no name is equal', ['Skole', 'Barnehage']],
    ['two names are equal', [NAME, NAME.toUpperCase()]],
  ])('is ambiguous among several rows when %s', (_, [first, second]) => {
    const rows = [
      row({ associateNo: 5, companyNo: ORG, name: first ?? '' }),
      row({ associateNo: 6, companyNo: ORG, name: second ?? '' }),
    ];
    expect(verdict(situation({ rows }))).toBe('match.ambiguous 5,6');
  });

  it('is not a row of the number that bears the name but belongs to another record', () => {
    const rows = [
      row({ associateNo: 5, companyNo: ORG, name: NAME, externalId: 'crm:customer:C-2' }),
      row({ associateNo: 6, companyNo: ORG, name: 'Avdeling' }),
    ];
    expect(verdict(situation({ rows }))).toBe('match.ambiguous 5,6');
  });

  it('makes a supplier a customer: linked, given a number, not doubled', () => {
    const rows = [row({ associateNo: 5, supplierNo: 50001, companyNo: ORG })];
    expect(situationNeedsNumber(rows)).toBe(true);
    expect(verdict(situation({ rows }))).toBe('link 5 by organization-number');
    expect(written(situation({ rows, data: { customerNumber: 10500 } }))).toMatchObject({ customerNo: 10500 });
  });

  it('never is a delivery row, nor a row that is somebody’s contact', () => {
    expect(verdict(situation({ rows: [row({ associateNo: 5, companyNo: ORG, deliverTo: 4 })] }))).toBe('create');
    expect(verdict(situation({ rows: [row({ associateNo: 5, companyNo: ORG, contactFor: 4 })] }))).toBe('create');
    const named = (data: object, extra: object) =>
      verdict(situation({ data, rows: [row({ associateNo: 5, customerNo: 10001, ...extra })] }));
    expect(named({ actorNumber: 5 }, { deliverTo: 4 })).toBe('match.conflict 5');
    expect(named({ actorNumber: 5 }, { contactFor: 4 })).toBe('match.conflict 5');
    expect(named({ customerNumber: 10001 }, { contactFor: 4 })).toBe('match.conflict 5');
  });

  it.each(['crm:customer:C-2', 'crm:customer:c-1', 'crm:contact:C-1'])(
    'never is a row with the external id %s',
    (externalId) => {
      const rows = [row({ associateNo: 5, customerNo: 10001, companyNo: ORG, externalId })];
      expect(verdict(situation({ rows }))).toBe('match.already-linked 5');
      expect(verdict(situation({ rows, data: { actorNumber: 5 } }))).toBe('match.already-linked 5');
      expect(verdict(situation({ rows, data: { customerNumber: 10001 } }))).toBe('match.already-linked 5');
    },
  );

  it('never is a row that a claim gives to another record, its own external id or not', () => {
    const rows = [row({ associateNo: 5, companyNo: ORG })];
    expect(verdict(situation({ rows, taken: [5] }))).toBe('match.already-linked 5');
    const own = [row({ associateNo: 5, companyNo: ORG, externalId: 'crm:customer:C-1' })];
    expect(verdict(situation({ rows: own, taken: [5] }))).toBe('match.already-linked 5');
  });

  it('with NXT_SAME_ORG_NUMBER=create is a new row when every row of the number belongs to other records', () => {
    const policy = {
      NXT_FIRST_LINK: 'update',
      NXT_ERP_EDITS: 'keep',
      NXT_SAME_ORG_NUMBER: 'create',
      NXT_SAME_NAME: 'ask',
    } as const;
    const one = row({ associateNo: 5, companyNo: ORG, externalId: 'crm:customer:C-2' });
    const two = row({ associateNo: 6, companyNo: ORG, externalId: 'crm:customer:C-3' });
    expect(verdict(situation({ policy, rows: [one] }))).toBe('create');
    expect(verdict(situation({ policy, rows: [one, two] }))).toBe('create');
    expect(verdict(situation({ rows: [one, two] }))).toBe('match.already-linked 5,6');
    // A free row is a candidate whatever the policy.
    expect(verdict(situation({ policy, rows: [one, row({ associateNo: 7, companyNo: ORG })] }))).toBe(
      'match.ambiguous 5,7',
    );
  });

  it('links a row with somebody else’s external id and leaves that id alone', () => {
    const rows = [row({ associateNo: 5, companyNo: ORG, externalId: 'WEBSHOP-77' })];
    expect(verdict(situation({ rows }))).toBe('link 5 by organization-number');
    expect(written(situation({ rows }))).not.toHaveProperty('externalId');
  });

  it('goes by the external id before any number, and refuses numbers that contradict it', () => {
    const rows = [
      row({ associateNo: 5, externalId: 'crm:customer:C-1', customerNo: 10001 }),
      row({ associateNo: 6, companyNo: ORG, customerNo: 10002 }),
    ];
    expect(verdict(situation({ rows, data: { organizationNumber: null } }))).toBe('link 5 by external-id');
    // The number would stand twice.
    expect(verdict(situation({ rows }))).toBe('match.ambiguous 5,6');
    expect(verdict(situation({ rows, data: { actorNumber: 6 } }))).toBe('match.conflict 5');
    expect(verdict(situation({ rows, data: { customerNumber: 10002 } }))).toBe('match.conflict 5');
  });

  it('is ambiguous when two rows carry the external id', () => {
    const rows = [5, 6].map((associateNo) => row({ associateNo, externalId: 'crm:customer:C-1' }));
    expect(verdict(situation({ rows }))).toBe('match.ambiguous 5,6');
  });

  it('goes by the actor number, and refuses what contradicts it', () => {
    const named = (data: object, ...rows: Parameters<typeof row>[0][]) =>
      verdict(situation({ data: { actorNumber: 5, ...data }, rows: rows.map(row) }));
    expect(named({}, { associateNo: 5, customerNo: 10001, name: 'Port Service' })).toBe('link 5 by actor-number');
    expect(named({}, { associateNo: 5, supplierNo: 50001, postCode: '3270' })).toBe('link 5 by actor-number');
    expect(named({}, { associateNo: 5, customerNo: 10001, name: 'Annen AS' })).toBe('match.conflict 5');
    expect(named({})).toBe('link.not-found 5');
    expect(named({}, { associateNo: 5, companyNo: '974760673' })).toBe('match.conflict 5');
    expect(named({ customerNumber: 10002 }, { associateNo: 5, customerNo: 10001 })).toBe('match.conflict 5');
    expect(named({ customerNumber: 10002 }, { associateNo: 5 }, { associateNo: 6, customerNo: 10002 })).toBe(
      'match.conflict 5',
    );
  });

  it('goes by the customer number, and gives a new one only to a row that has none', () => {
    const data = { customerNumber: 10500 };
    expect(verdict(situation({ data, rows: [row({ associateNo: 5, customerNo: 10500, name: NAME })] }))).toBe(
      'link 5 by customer-number',
    );
    expect(verdict(situation({ data }))).toBe('create');
    const numbered = [row({ associateNo: 5, customerNo: 10001, companyNo: ORG })];
    expect(verdict(situation({ data, rows: numbered }))).toBe('match.conflict 5');
    const otherCompany = [row({ associateNo: 5, customerNo: 10500, companyNo: '974760673' })];
    expect(verdict(situation({ data, rows: otherCompany }))).toBe('match.conflict 5');
  });

  it('is not sought in the ERP where no column holds the id', () => {
    const rows = [row({ associateNo: 5, externalId: 'crm:customer:C-1' })];
    expect(verdict(situation({ rows, externalId: null }))).toBe('create');
  });
});

describe('the ledger’s link of a customer', () => {
  const linked = row({ associateNo: 5, customerNo: 10001, companyNo: 'whatever' });

  it('decides whatever the other rules would say', () => {
    const rows = [linked, row({ associateNo: 6, companyNo: ORG, name: NAME })];
    expect(verdict(situation({ rows, link: 5, isChanged: () => false }))).toBe('link 5 by link');
  });

  it('stays, and a number that comes to it is a question where another row has it', () => {
    const rows = [linked, row({ associateNo: 6, companyNo: `NO ${ORG} MVA`, name: 'Annen' })];
    expect(verdict(situation({ rows, link: 5 }))).toBe('match.ambiguous 5,6');
    expect(verdict(situation({ rows, link: 5, isSettled: true }))).toBe('link 5 by link');
  });

  it('contradicted by a number is a conflict; null numbers never are', () => {
    expect(verdict(situation({ rows: [linked], link: 5, data: { actorNumber: 6 } }))).toBe('match.conflict 5');
    expect(verdict(situation({ rows: [linked], link: 5, data: { customerNumber: 10002 } }))).toBe('match.conflict 5');
    expect(verdict(situation({ rows: [linked], link: 5, data: { actorNumber: 5, customerNumber: 10001 } }))).toBe(
      'link 5 by link',
    );
  });

  it('to a row that is gone is no reason to create one', () => {
    expect(verdict(situation({ link: 5 }))).toBe('gone');
  });

  it('to a row that bears another record’s id by now is a conflict', () => {
    const rows = [row({ associateNo: 5, externalId: 'crm:customer:C-2' })];
    expect(verdict(situation({ rows, link: 5 }))).toBe('match.conflict 5');
  });
});

function situationNeedsNumber(rows: readonly ReturnType<typeof row>[]): boolean {
  const decision = decide(situation({ rows }));
  return decision.kind === 'link' && decision.needsNumber;
}
