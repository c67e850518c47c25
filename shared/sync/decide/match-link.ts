import { Failure, type FailureCode } from '../../failure.ts';
import type { AssociateRow } from '../../erp/index.ts';
import type { Match, Situation } from './situation.ts';

export const refuse = (code: FailureCode, candidates: readonly number[]): Match => ({
  kind: 'refuse',
  failure: new Failure(code, { candidates }),
});

/** The row carries another CRM record's external id, or a claim gives it to another. */
export function belongsToAnother(situation: Situation, row: AssociateRow): boolean {
  return isForeignLink(situation, row.externalId) || situation.isTaken(row.associateNo);
}

const isForeignLink = ({ externalId, externalIdPrefix }: Situation, text: string): boolean =>
  externalId !== null && text !== externalId && text.startsWith(externalIdPrefix);

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
    if (isForeignLink(situation, row.externalId)) return refuse('match.conflict', [row.associateNo]);
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
