import {
  parseChanges,
  type AssociateNo,
  type ContactValues,
  type CustomerNo,
  type CustomerValues,
} from '../../../shared/record/index.ts';
import type { AssociateRow, RowTexts, RowValues } from '../../../shared/erp/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { decide } from '../../../shared/sync/decide/decide.ts';
import type { Decision, Situation } from '../../../shared/sync/decide/situation.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { contact, customer } from '../../kit/world.ts';

type PlainRow = Partial<Omit<AssociateRow, keyof RowTexts | 'associateNo'>> &
  Partial<Record<keyof RowTexts, string>> & { readonly associateNo: number };

const TEXTS: readonly (keyof RowTexts)[] = [
  'name',
  'shortName',
  'addressLine1',
  'addressLine2',
  'addressLine3',
  'addressLine4',
  'postCode',
  'postalArea',
  'phone',
  'mobilePhone',
  'emailAddress',
];

/** A row of the ERP; what is left out is empty. */
export function row(plain: PlainRow): AssociateRow {
  const texts = Object.fromEntries(TEXTS.map((column) => [column, new Personal(plain[column] ?? '')]));
  return {
    customerNo: 0,
    contactFor: 0,
    supplierNo: 0,
    employeeNo: 0,
    deliverTo: 0,
    companyNo: '',
    externalId: '',
    deletionMark: '',
    ...plain,
    ...(texts as Record<keyof RowTexts, Personal>),
    associateNo: plain.associateNo as AssociateNo,
  };
}

function valuesOf(event: object): CustomerValues | ContactValues {
  const parsed = parseChanges([event], new Date('2026-12-01T00:00:00Z'));
  const body = parsed.ok ? parsed.changes[0]?.body : undefined;
  if (body?.op !== 'upsert') throw new Error('not a usable event');
  return body.values;
}

type Given = Partial<Omit<Situation, 'rows' | 'link'>> & {
  readonly data?: object;
  readonly rows?: readonly AssociateRow[];
  readonly link?: number | null;
  readonly taken?: readonly number[];
};

function situation(event: object, kind: 'customer' | 'contact', given: Given): Situation {
  const { rows = [], link = null, taken = [], ...rest } = given;
  const linked = rows.find((each) => each.associateNo === link);
  return {
    ref: kind === 'customer' ? customer('C-1') : contact('P-1'),
    values: valuesOf(event),
    policy: { NXT_FIRST_LINK: 'update', NXT_ERP_EDITS: 'keep', NXT_SAME_ORG_NUMBER: 'ask', NXT_SAME_NAME: 'ask' },
    externalId: `crm:${kind}:${kind === 'customer' ? 'C-1' : 'P-1'}`,
    externalIdPrefix: 'crm:',
    link:
      link === null
        ? null
        : {
            associateNo: link as AssociateNo,
            customerNo: linked && linked.customerNo !== 0 ? (linked.customerNo as CustomerNo) : null,
          },
    rows,
    isTaken: (no) => taken.includes(no),
    isChanged: () => true,
    parentNo: kind === 'contact' ? (7 as AssociateNo) : null,
    deletionMark: '',
    ...rest,
  };
}

/** The situation of customer `C-1`, whose event says `data` over the usual values. */
export const customerSituation = (given: Given = {}): Situation =>
  situation(customerEvent('C-1', given.data), 'customer', given);

/** The situation of contact `P-1`, whose customer is row 7. */
export const contactSituation = (given: Given = {}): Situation =>
  situation(contactEvent('P-1', { relatedCustomerCrmId: 'C-1', ...given.data }), 'contact', given);

/** Plain texts instead of masked ones, to compare. */
export const plain = (values: RowValues): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([column, value]) => [column, value instanceof Personal ? value.reveal() : value]),
  );

/** What was decided, in few words: `link 5 by organization-number`, `create`, `match.conflict 5,6`. */
export function verdict(decided: Situation | Decision): string {
  const decision = 'kind' in decided ? decided : decide(decided);
  switch (decision.kind) {
    case 'create':
    case 'gone':
      return decision.kind;
    case 'link':
      return `link ${decision.row.associateNo} by ${decision.rule}`;
    case 'refuse': {
      const candidates = [...(decision.failure.details.candidates ?? [])].sort((a, b) => a - b);
      return [decision.failure.code, candidates.join(',')].join(' ').trim();
    }
  }
}

/** The columns a decision would write, in plain text. */
export function written(given: Situation): Record<string, unknown> {
  const decision = decide(given);
  if (decision.kind !== 'link' && decision.kind !== 'create') throw new Error(`decided ${verdict(decision)}`);
  return plain(decision.values);
}
