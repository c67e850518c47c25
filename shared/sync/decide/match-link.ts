import type { Kind } from '../../record/index.ts';
import { Failure, type FailureCode } from '../../failure.ts';
import type { AssociateRow } from '../../erp/index.ts';
import type { Match, Refusal, Situation } from './situation.ts';

/** Not a delivery row, and nobody's contact. */
export const isCustomerKind = (row: AssociateRow): boolean => row.contactFor === 0 && row.deliverTo === 0;

/** Not a customer, supplier or employee. */
export const isPerson = (row: AssociateRow): boolean =>
  row.customerNo === 0 && row.supplierNo === 0 && row.employeeNo === 0 && row.deliverTo === 0;

/** Whether a record of the kind may have the row at all. */
export const mayBe = (kind: Kind, row: AssociateRow): boolean =>
  kind === 'customer' ? isCustomerKind(row) : isPerson(row);

export const numbersOf = (rows: readonly AssociateRow[]): readonly number[] => rows.map((row) => row.associateNo);

export const refuse = (code: FailureCode, candidates: readonly number[]): Refusal => ({
  kind: 'refuse',
  failure: new Failure(code, { candidates }),
});

/** The row carries another CRM record's external id, or a claim gives it to another. */
export function belongsToAnother(situation: Situation, row: AssociateRow): boolean {
  return isForeignLink(situation, row) || situation.isTaken(row.associateNo);
}

/** Whether another record's id in the row is only a remnant: that one was deleted or merged. */
export const isLeftBehind = ({ externalId, externalIdPrefix, isFree }: Situation, row: AssociateRow): boolean =>
  row.externalId !== externalId && row.externalId.startsWith(externalIdPrefix) && (isFree?.(row.associateNo) ?? false);

const isForeignLink = (situation: Situation, row: AssociateRow): boolean => {
  const { externalId, externalIdPrefix } = situation;
  const isAnothers =
    externalId !== null && row.externalId !== externalId && row.externalId.startsWith(externalIdPrefix);
  return isAnothers && !isLeftBehind(situation, row);
};

/** By the ledger's link, else by the external id; null when neither says anything. */
export function matchByLink(situation: Situation, isRightKind: (row: AssociateRow) => boolean): Match | null {
  const { link, rows, externalId, values } = situation;
  const { actorNumber } = values;
  const customerNumber = 'customerNumber' in values ? values.customerNumber : undefined;
  const contradicts = (row: { associateNo: number; customerNo: number | null }): boolean =>
    (actorNumber !== undefined && actorNumber !== row.associateNo) ||
    (customerNumber !== undefined && (row.customerNo ?? 0) !== 0 && customerNumber !== row.customerNo);

  if (link) {
    if (contradicts(link)) return refuse('match.conflict', [link.associateNo]);
    const row = rows.find((each) => each.associateNo === link.associateNo);
    if (!row) return { kind: 'gone' };
    if (isForeignLink(situation, row)) return refuse('match.conflict', [row.associateNo]);
    return { kind: 'row', row, rule: 'link' };
  }

  // The ERP's collation ignores case: another record's id may have been found too.
  const own = externalId === null ? [] : rows.filter((row) => row.externalId === externalId);
  const [row, ...more] = own;
  if (!row) return null;
  if (more.length > 0)
    return refuse(
      'match.ambiguous',
      own.map((each) => each.associateNo),
    );
  if (situation.isTaken(row.associateNo)) return refuse('match.already-linked', [row.associateNo]);
  if (!isRightKind(row) || contradicts(row)) return refuse('match.conflict', [row.associateNo]);
  return { kind: 'row', row, rule: 'external-id' };
}
