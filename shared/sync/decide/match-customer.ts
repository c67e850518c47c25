import { organizationDigits, sameName, type CustomerValues } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import { belongsToAnother, isCustomerKind, matchByLink, refuse } from './match-link.ts';
import type { Match, Situation } from './situation.ts';

/**
 * Which row is this customer? Ledger link, external id, actor number, customer number, organisation number; the first
 * that speaks decides, and what contradicts it is a conflict for a person. Never a delivery row, never a row that is
 * somebody's contact, never a row of another CRM record.
 */
export function matchCustomer(situation: Situation<CustomerValues>): Match {
  const byLink = matchByLink(situation, isCustomerKind);
  if (byLink) return byLink;

  const { rows, values, isSettled } = situation;
  if (isSettled) return { kind: 'none' };
  const { actorNumber, customerNumber } = values;
  const isOther = (row: AssociateRow) => belongsToAnother(situation, row);
  const byOrganization = matchByOrganization(situation);

  if (actorNumber !== undefined) {
    const row = rows.find((each) => each.associateNo === actorNumber);
    if (!row) return refuse('link.not-found', [actorNumber]);
    if (isOther(row)) return refuse('match.already-linked', [row.associateNo]);
    if (!isCustomerKind(row) || contradicts(situation, row)) return refuse('match.conflict', [row.associateNo]);
    return { kind: 'row', row, rule: 'actor-number' };
  }

  if (customerNumber !== undefined) {
    const row = rows.find((each) => each.customerNo === customerNumber);
    if (row) {
      if (isOther(row)) return refuse('match.already-linked', [row.associateNo]);
      if (!isCustomerKind(row) || contradicts(situation, row)) return refuse('match.conflict', [row.associateNo]);
      return { kind: 'row', row, rule: 'customer-number' };
    }
    // The number is new to the ERP: a row with the same organisation number may get it, unless it has another.
    if (byOrganization.kind === 'row' && byOrganization.row.customerNo !== 0) {
      return refuse('match.conflict', [byOrganization.row.associateNo]);
    }
  }
  return byOrganization;
}

/** Another of the CRM's numbers names another row, or the row has another organisation number. */
function contradicts({ values, rows }: Situation<CustomerValues>, row: AssociateRow): boolean {
  const { customerNumber, organizationNumber } = values;
  if (customerNumber !== undefined) {
    if (row.customerNo !== 0 && row.customerNo !== customerNumber) return true;
    if (rows.some((each) => each.customerNo === customerNumber && each.associateNo !== row.associateNo)) return true;
  }
  const wanted = organizationNumber?.digits ?? null;
  const actual = organizationDigits(row.companyNo);
  return wanted !== null && actual !== null && wanted !== actual;
}

function matchByOrganization(situation: Situation<CustomerValues>): Match {
  const digits = situation.values.organizationNumber?.digits ?? null;
  if (digits === null) return { kind: 'none' };
  const all = situation.rows.filter((row) => isCustomerKind(row) && organizationDigits(row.companyNo) === digits);
  const free = all.filter((row) => !belongsToAnother(situation, row));
  const numbers = all.map((row) => row.associateNo);
  if (all.length === 0) return { kind: 'none' };
  if (free.length === 0) {
    // Every one belongs to another CRM record: a chain whose shops are customers of their own, or a double in the CRM.
    return situation.policy.NXT_SAME_ORG_NUMBER === 'create'
      ? { kind: 'none' }
      : refuse('match.already-linked', numbers);
  }
  const [only] = all;
  if (only && all.length === 1) return { kind: 'row', row: only, rule: 'organization-number' };
  const [named, ...more] = free.filter((row) => sameName(row.name.reveal(), situation.values.companyName.reveal()));
  return named && more.length === 0
    ? { kind: 'row', row: named, rule: 'organization-number-and-name' }
    : refuse('match.ambiguous', numbers);
}
