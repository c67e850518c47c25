import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssociateRow } from '../../../shared/erp/index.ts';
import { decide } from '../../../shared/sync/decide/decide.ts';
import type { Decision, Policy, Situation } from '../../../shared/sync/decide/situation.ts';
import { contactSituation, customerSituation, plain, row, verdict } from './situations.ts';

// Small pools, so that rows and records meet often.
const NAMES = ['Port-Service Øst AS', 'port-service  øst as', 'Larvik kommune', 'Kari Nordmann', 'KARI NORDMANN', ''];
const NUMBERS = ['', '921074352', 'NO 921 074 352 MVA', '974760673', 'DE921074352'];
const EMAILS = ['', 'kari@example.no', 'kari@EXAMPLE.NO', 'post@firma.no'];
const PHONES = ['', '920 99 720', '+4792099720', '22 33 44 55'];
const IDS = ['', 'crm:customer:C-1', 'crm:customer:c-1', 'crm:contact:P-1', 'crm:contact:P-2', 'WEBSHOP-77'];
const role = (value: number) => fc.constantFrom(0, 0, 0, value);

const rowShape = fc.record({
  customerNo: fc.constantFrom(0, 10001, 10002),
  supplierNo: role(50001),
  employeeNo: role(3),
  deliverTo: role(8),
  contactFor: fc.constantFrom(0, 0, 7, 8),
  companyNo: fc.constantFrom(...NUMBERS),
  externalId: fc.constantFrom(...IDS),
  name: fc.constantFrom(...NAMES),
  emailAddress: fc.constantFrom(...EMAILS),
  phone: fc.constantFrom(...PHONES),
  mobilePhone: fc.constantFrom(...PHONES),
  addressLine1: fc.constantFrom('', 'Rødbølveien 22'),
  addressLine2: fc.constantFrom('', 'Bakgården'),
  postCode: fc.constantFrom('', '3270'),
  postalArea: fc.constantFrom('', 'LARVIK', 'Oslo'),
  deletionMark: fc.constantFrom('', 'Slettet i CRM', 'Purres'),
});
/** As the ERP keeps them: a customer number stands once. */
const rows = fc
  .uniqueArray(rowShape, { maxLength: 6, selector: ({ customerNo }) => customerNo || Symbol('none') })
  .map((shapes) => shapes.map((shape, index) => row({ associateNo: index + 5, ...shape })));
const policy: fc.Arbitrary<Policy> = fc.record({
  NXT_FIRST_LINK: fc.constantFrom('update', 'fill', 'link-only'),
  NXT_ERP_EDITS: fc.constantFrom('keep', 'overwrite'),
  NXT_SAME_ORG_NUMBER: fc.constantFrom('ask', 'create'),
  NXT_SAME_NAME: fc.constantFrom('ask', 'create'),
});
/** Values of `values`, `null` and absent mixed. */
const managed = (...values: readonly string[]) => fc.constantFrom<string | null>(null, '', ...values);
const customerData = fc.record({
  companyName: fc.constantFrom('Port-Service Øst AS', 'Larvik kommune'),
  customerNumber: fc.constantFrom(null, null, 10001, 10002, 10500),
  actorNumber: fc.constantFrom(null, null, 5, 6, 99),
  organizationNumber: managed('921074352', 'DE921074352'),
  address: managed('Rødbølveien 22', 'c/o Larsen\nRødbølveien 22'),
  postalCode: managed('3270'),
  city: managed('Larvik'),
});
const contactData = fc.record({
  name: fc.constantFrom('Kari Nordmann', 'Ola Nordmann'),
  actorNumber: fc.constantFrom(null, null, 5, 6, 99),
  emailAddress: managed('kari@example.no', 'post@firma.no'),
  phoneNumber: managed('+47 920 99 720'),
});
const common = fc.record({
  rows,
  policy,
  taken: fc.subarray([5, 6, 7, 8, 9]),
  link: fc.constantFrom(null, null, 5, 6),
  deletionMark: fc.constantFrom('', 'Slettet i CRM'),
  linkIsNew: fc.boolean(),
});
type Common = typeof common extends fc.Arbitrary<infer Given> ? Given : never;
/** Where no column holds the id, none is read either. */
const withoutColumn = (given: Common) => ({
  ...given,
  rows: given.rows.map((each) => ({ ...each, externalId: '' })),
  externalId: null,
});
const settings = fc.tuple(common, fc.nat(3)).map(([given, nth]) => (nth === 0 ? withoutColumn(given) : given));
const situations: fc.Arbitrary<Situation> = fc.oneof(
  fc.tuple(settings, customerData).map(([given, data]) => customerSituation({ ...given, data })),
  fc.tuple(settings, contactData).map(([given, data]) => contactSituation({ ...given, data })),
);

const check = (property: (given: Situation) => void) =>
  fc.assert(fc.property(situations, property), { numRuns: 1_000 });

/** The ERP's row after what was decided was written. */
function afterwards(given: Situation, decision: Extract<Decision, { kind: 'create' | 'link' }>): AssociateRow {
  const isCreate = decision.kind === 'create';
  const before = isCreate ? row({ associateNo: 1000 }) : decision.row;
  const getsNumber = isCreate ? given.ref.kind === 'customer' && !decision.values.customerNo : decision.needsNumber;
  return { ...before, ...(getsNumber && { customerNo: 19_999 }), ...decision.values };
}

describe('any decision', () => {
  it('leaves nothing to write once it was carried out', () => {
    check((given) => {
      const decision = decide(given);
      if (decision.kind === 'refuse' || decision.kind === 'gone') return;
      const now = afterwards(given, decision);
      const link = { associateNo: now.associateNo, customerNo: null };
      const again = decide({
        ...given,
        rows: [now, ...given.rows.filter((each) => each.associateNo !== now.associateNo)],
        link,
        // Only the numbers are new to the CRM.
        values: withoutActorNumber(given),
        linkIsNew: false,
        isChanged: () => false,
        isEmptied: false,
      });
      const isHeldBack = given.policy.NXT_FIRST_LINK !== 'update' && given.policy.NXT_ERP_EDITS === 'overwrite';
      if (isHeldBack) return;
      expect(again).toMatchObject({ kind: 'link', rule: 'link', needsNumber: false });
      expect(again.kind === 'link' && plain(again.values)).toEqual({});
    });
  });

  it('writes no column that the CRM does not manage', () => {
    check((given) => {
      const decision = decide(given);
      if (decision.kind !== 'create' && decision.kind !== 'link') return;
      expect(managedColumns(given)).toEqual(expect.arrayContaining(Object.keys(decision.values)));
    });
  });

  it('never links to a forbidden row', () => {
    check((given) => {
      const decision = decide(given);
      if (decision.kind !== 'link' || decision.rule === 'link') return;
      const { row: chosen } = decision;
      expect(given.isTaken(chosen.associateNo)).toBe(false);
      expect(chosen.deliverTo).toBe(0);
      if (chosen.externalId.startsWith('crm:')) expect(chosen.externalId).toBe(given.externalId);
      if (given.ref.kind === 'customer') expect(chosen.contactFor).toBe(0);
      else expect([chosen.customerNo, chosen.supplierNo, chosen.employeeNo]).toEqual([0, 0, 0]);
    });
  });

  it('never overwrites an external id, and never writes another than its own', () => {
    check((given) => {
      const decision = decide(given);
      if (decision.kind !== 'create' && decision.kind !== 'link') return;
      const { externalId } = decision.values;
      if (externalId === undefined) return;
      expect(externalId).toBe(given.externalId);
      if (decision.kind === 'link') expect(decision.row.externalId).toBe('');
    });
  });

  it('does not depend on the order of the rows', () => {
    const shuffles = situations.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray([...given.rows], { minLength: given.rows.length })),
    );
    fc.assert(
      fc.property(shuffles, ([given, shuffled]) => {
        const [one, other] = [decide(given), decide({ ...given, rows: shuffled })];
        expect(verdict(other)).toBe(verdict(one));
        if (one.kind === 'link' && other.kind === 'link') expect(plain(other.values)).toEqual(plain(one.values));
      }),
      { numRuns: 1_000 },
    );
  });

  it('shows no personal value, whatever way it is printed', () => {
    check((given) => {
      const decision = decide(given);
      const printed = `${JSON.stringify(decision)} ${decision.kind === 'refuse' ? decision.failure.message : ''}`;
      expect(printed).not.toMatch(/Port-Service|Nordmann|kari@|Rødbøl|99 ?720/i);
    });
  });
});

function managedColumns({ values, ref }: Situation): readonly string[] {
  const fields: Readonly<Record<string, readonly string[]>> = {
    companyName: ['name'],
    name: ['name'],
    customerNumber: ['customerNo'],
    organizationNumber: ['companyNo'],
    address: ['addressLine1', 'addressLine2', 'addressLine3', 'addressLine4'],
    postalCode: ['postCode'],
    city: ['postalArea'],
    emailAddress: ['emailAddress'],
    phoneNumber: ['phone'],
  };
  const own = ref.kind === 'contact' ? ['contactFor'] : [];
  return ['externalId', 'deletionMark', ...own, ...Object.keys(values).flatMap((field) => fields[field] ?? [])];
}

function withoutActorNumber({ values }: Situation): Situation['values'] {
  const rest = { ...values };
  Reflect.deleteProperty(rest, 'actorNumber');
  return rest;
}
