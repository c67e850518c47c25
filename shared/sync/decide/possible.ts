import { sameCompanyName, type CustomerValues } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import { contradictsCompany, maySharePlace, organizationKeyOf } from './agreement.ts';
import { belongsToAnother, isCustomerKind } from './match-link.ts';
import type { Situation } from './situation.ts';

/**
 * Customers and suppliers that may be the company, though no number says so: unlinked, of the same name but for legal
 * form and punctuation, perhaps in the same place, and not told apart by two organisation numbers.
 */
export function possibleRows(situation: Situation<CustomerValues>): readonly AssociateRow[] {
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
