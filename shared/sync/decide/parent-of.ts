import type { AssociateNo, ContactValues, RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import type { StateRow } from '../../store/index.ts';
import type { Lookups } from './lookups.ts';

/** What a customer of the CRM is by now, merges followed: the record, and the row it is linked to, if there is one yet. */
export type LinkOfCustomer = (
  customer: RecordRef,
) => Promise<{ readonly customer: RecordRef; readonly associateNo: AssociateNo | null }>;

/** The contact's customer as last applied, and the one before. */
export type FormerParents = Pick<StateRow, 'parentNo' | 'formerParentNo'>;

export type Parent =
  /** `isKnown`: the ledger vouches for the row; else it must be found in the ERP first. */
  | { readonly kind: 'found'; readonly associateNo: AssociateNo; readonly isKnown: boolean }
  | { readonly kind: 'missing'; readonly customer: RecordRef }
  /** It belongs to nobody: a row that it has is taken off its customer, and none is made. */
  | { readonly kind: 'nobody' };

/**
 * The customer's row that a contact belongs to.
 *
 * @throws Failure `match.conflict` when the CRM names two different ones
 */
export async function parentOf(
  linkOf: LinkOfCustomer,
  values: ContactValues,
  { parentNo, formerParentNo }: FormerParents,
): Promise<Parent> {
  const { relatedCustomerCrmId: crmId, relatedCustomerActorNumber: number } = values;
  if (crmId === undefined) {
    if (number === undefined) return { kind: 'nobody' };
    return { kind: 'found', associateNo: number, isKnown: false };
  }
  const { customer, associateNo } = await linkOf({ kind: 'customer', crmId });
  if (associateNo === null) return { kind: 'missing', customer };
  // The CRM sends back what it was told of the contact's former customer: that says nothing about the new one.
  const isStale = number === parentNo || number === formerParentNo;
  if (number !== undefined && number !== associateNo && !isStale) {
    throw new Failure('match.conflict', { candidates: [associateNo, number].filter((each) => each > 0) });
  }
  return { kind: 'found', associateNo, isKnown: true };
}

/** A customer that the CRM names by its actor number alone must be one. @throws Failure when it is not */
export async function checkParent(lookups: Lookups, parentNo: AssociateNo): Promise<void> {
  const [row] = await lookups.find({ associateNo: parentNo });
  if (!row) throw new Failure('link.not-found', { candidates: [parentNo] });
  if (row.customerNo === 0) throw new Failure('match.conflict', { candidates: [parentNo] });
}
