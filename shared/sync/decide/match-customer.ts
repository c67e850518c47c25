import { type CustomerValues, sameCompanyName } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import { contradictsCompany, isSomehowTheCompany, organizationKeyOf, maySharePlace } from './agreement.ts';
import { belongsToAnother, isCustomerKind, matchByLink, numbersOf, refuse } from './match-link.ts';
import type { Match, Situation } from './situation.ts';

/**
 * Which row is this customer? Ledger link, external id, actor number, customer number, organisation number; the first
 * that speaks decides, and what contradicts it is a conflict for a person. Never a delivery row, never a row that is
 * somebody's contact, never a row of another CRM record. What none of them finds may still be there by name and place.
 */
export function matchCustomer(situation: Situation<CustomerValues>): Match {
  const byLink = matchByLink(situation, isCustomerKind);
  if (byLink) return byLink;
  if (situation.isSettled) return { kind: 'none' };

  const { rows, values } = situation;
  const { actorNumber, customerNumber } = values;
  if (actorNumber !== undefined) {
    const row = rows.find((each) => each.associateNo === actorNumber);
    return row ? named(situation, row, 'actor-number') : refuse('link.not-found', [actorNumber]);
  }
  const byOrganization = matchByOrganization(situation);
  if (customerNumber !== undefined) {
    const row = rows.find((each) => each.customerNo === customerNumber);
    if (row) return named(situation, row, 'customer-number');
    // The number is new to the ERP: a row with the same organisation number may get it, unless it has another.
    if (byOrganization.kind === 'row' && byOrganization.row.customerNo !== 0) {
      return refuse('match.conflict', [byOrganization.row.associateNo]);
    }
  }
  if (byOrganization.kind !== 'none') return byOrganization;
  const possible = situation.policy.NXT_SAME_NAME === 'ask' ? possibleRows(situation) : [];
  return possible.length > 0 ? refuse('match.possible', numbersOf(possible)) : byOrganization;
}

/** A row that a number of the CRM names; a number may be mistyped, or be one of the CRM's own. */
function named(
  situation: Situation<CustomerValues>,
  row: AssociateRow,
  rule: 'actor-number' | 'customer-number',
): Match {
  if (belongsToAnother(situation, row)) return refuse('match.already-linked', [row.associateNo]);
  const { values } = situation;
  const isIt =
    isCustomerKind(row) &&
    !namesAnother(situation, row) &&
    !contradictsCompany(values, row) &&
    isSomehowTheCompany(values, row);
  return isIt ? { kind: 'row', row, rule } : refuse('match.conflict', [row.associateNo]);
}

/** The CRM's customer number is another than the row's, or another row's. */
function namesAnother({ values, rows }: Situation<CustomerValues>, row: AssociateRow): boolean {
  const { customerNumber } = values;
  if (customerNumber === undefined) return false;
  if (row.customerNo !== 0 && row.customerNo !== customerNumber) return true;
  return rows.some((each) => each.customerNo === customerNumber && each.associateNo !== row.associateNo);
}

/** By organisation number, in whatever spelling; of several rows with one number by the name as well. */
function matchByOrganization(situation: Situation<CustomerValues>): Match {
  const key = situation.values.organizationNumber?.key ?? null;
  if (key === null) return { kind: 'none' };
  const all = situation.rows.filter((row) => isCustomerKind(row) && organizationKeyOf(row) === key);
  const free = all.filter((row) => !belongsToAnother(situation, row));
  if (all.length === 0) return { kind: 'none' };
  if (free.length === 0) {
    // Every one belongs to another CRM record: a chain whose shops are customers of their own, or a double in the CRM.
    return situation.policy.NXT_SAME_ORG_NUMBER === 'create'
      ? { kind: 'none' }
      : refuse('match.already-linked', numbersOf(all));
  }
  const [only] = all;
  if (only && all.length === 1) return { kind: 'row', row: only, rule: 'organization-number' };
  const name = situation.values.companyName.reveal();
  const [named, ...more] = free.filter((row) => sameCompanyName(row.name.reveal(), name));
  return named && more.length === 0
    ? { kind: 'row', row: named, rule: 'organization-number-and-name' }
    : refuse('match.ambiguous', numbersOf(all));
}

/**
 * Customers and suppliers that may be the company, though no number says so: unlinked, of the same name but for legal
 * form and punctuation, perhaps in the same place, and not told apart by two organisation numbers.
 */
function possibleRows(situation: Situation<CustomerValues>): readonly AssociateRow[] {
  const { rows, values } = situation;
  return rows.filter(
    (row) =>
      isCustomerKind(row) &&
      (row.customerNo !== 0 || row.supplierNo !== 0) &&
      sameCompanyName(values.companyName.reveal(), row.name.reveal()) &&
      maySharePlace(values, row) &&
      !contradictsCompany(values, row) &&
      !belongsToAnother(situation, row),
  );
}

/**
 * Rows that have the organisation number which would be written into `row`: of two rows with one number, accounting
 * would have one customer twice. Shops of a chain may share a number, where the settings say so.
 */
export function othersWithNumber(situation: Situation<CustomerValues>, row: AssociateRow): readonly AssociateRow[] {
  const key = situation.values.organizationNumber?.key ?? null;
  if (key === null) return [];
  const mayShare = situation.policy.NXT_SAME_ORG_NUMBER === 'create';
  return situation.rows.filter(
    (each) =>
      each.associateNo !== row.associateNo &&
      isCustomerKind(each) &&
      organizationKeyOf(each) === key &&
      !(mayShare && belongsToAnother(situation, each)),
  );
}
