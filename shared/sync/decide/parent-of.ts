import type { AssociateNo, ContactValues, RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import type { Lookups } from './lookups.ts';

/** The row that a customer of the CRM is linked to; null when there is none yet. */
export type LinkOfCustomer = (customer: RecordRef) => Promise<AssociateNo | null>;

export type Parent =
  /** `isKnown`: the ledger vouches for the row; else it must be found in the ERP first. */
  | { readonly kind: 'found'; readonly associateNo: AssociateNo; readonly isKnown: boolean }
  | { readonly kind: 'missing'; readonly customer: RecordRef };

/**
 * The customer's row that a contact belongs to.
 *
 * @throws Failure `match.conflict` when the CRM names two different ones, `value.missing` when it names none
 */
export async function parentOf(linkOf: LinkOfCustomer, values: ContactValues): Promise<Parent> {
  const { relatedCustomerCrmId: crmId, relatedCustomerActorNumber: number } = values;
  if (crmId === undefined) {
    if (number === undefined) throw new Failure('value.missing', { detail: 'related customer' });
    return { kind: 'found', associateNo: number, isKnown: false };
  }
  const customer: RecordRef = { kind: 'customer', crmId };
  const associateNo = await linkOf(customer);
  if (associateNo === null) return { kind: 'missing', customer };
  if (number !== undefined && number !== associateNo) {
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
