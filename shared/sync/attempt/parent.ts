import { fromStored, type AssociateNo, type ContactValues, type RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import type { PendingRow } from '../../store/index.ts';
import { iso, type SyncDeps } from '../deps.ts';
import type { Work } from './outcome.ts';

const HOUR_MS = 3_600_000;
/** A waiting contact is looked at so often, should its customer's call have been lost. */
const LOOK_AGAIN_MS = 15 * 60_000;

export type Parent =
  /** `isKnown`: the ledger vouches for the row; else it must be found in the ERP first. */
  | { readonly kind: 'found'; readonly associateNo: AssociateNo; readonly isKnown: boolean }
  | { readonly kind: 'wait'; readonly work: Work };

/** The customer's row that a contact belongs to, or the wait for it. */
export async function findParent(deps: SyncDeps, pending: PendingRow, values: ContactValues): Promise<Parent> {
  const { relatedCustomerCrmId: crmId, relatedCustomerActorNumber: number } = values;
  if (crmId === undefined) {
    if (number === undefined) throw new Failure('value.missing', { detail: 'related customer' });
    return { kind: 'found', associateNo: number, isKnown: false };
  }
  const customer: RecordRef = { kind: 'customer', crmId };
  let associateNo = await linkOf(deps, customer);
  if (associateNo === null) {
    // The order matters: a customer linked between the two looks finds the contact waiting.
    await deps.ledger.insertWait(customer, pending.ref);
    associateNo = await linkOf(deps, customer);
  }
  if (associateNo === null) return { kind: 'wait', work: waitForCustomer(deps, pending) };
  if (number !== undefined && number !== associateNo) {
    throw new Failure('match.conflict', { candidates: [associateNo, number] });
  }
  return { kind: 'found', associateNo, isKnown: true };
}

/** Whether a contact that is about to wait need not. */
export async function isCustomerThere(deps: SyncDeps, { body }: PendingRow): Promise<boolean> {
  const change = fromStored(body);
  const crmId = change.op === 'upsert' && change.kind === 'contact' ? change.values.relatedCustomerCrmId : undefined;
  return crmId !== undefined && (await linkOf(deps, { kind: 'customer', crmId })) !== null;
}

async function linkOf({ ledger }: SyncDeps, customer: RecordRef): Promise<AssociateNo | null> {
  return (await ledger.readState(customer))?.row.associateNo ?? null;
}

function waitForCustomer({ now, settings }: SyncDeps, pending: PendingRow): Work {
  const waitingSince = pending.waitingSince || iso(now());
  const ends = Date.parse(waitingSince) + settings.WAIT_FOR_CUSTOMER_HOURS * HOUR_MS;
  if (ends <= now()) throw new Failure('customer.never-came');
  return { kind: 'wait', code: 'customer.missing', until: Math.min(ends, now() + LOOK_AGAIN_MS), waitingSince };
}
