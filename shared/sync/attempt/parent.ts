import { fromStored, type ContactValues, type RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import type { PendingRow } from '../../store/index.ts';
import { parentOf, type LinkOfCustomer, type Parent } from '../decide/parent-of.ts';
import { iso, type SyncDeps } from '../deps.ts';
import type { Attempt } from './attempt.ts';
import type { Work } from './outcome.ts';
import { standingFor } from './survivor.ts';

const HOUR_MS = 3_600_000;
/** A waiting contact is looked at so often, should its customer's call have been lost. */
const LOOK_AGAIN_MS = 15 * 60_000;

export type FoundParent = Exclude<Parent, { kind: 'missing' }> | { readonly kind: 'wait'; readonly work: Work };

/** The customer's row that a contact belongs to, or the wait for it. */
export async function findParent({ deps, lease, pending }: Attempt, values: ContactValues): Promise<FoundParent> {
  const { row } = pending;
  const linked = (customer: RecordRef) => linkOfCustomer(deps, customer);
  const parent = await parentOf(linked, values, lease.state);
  if (parent.kind !== 'missing') return parent;
  // The order matters: a customer linked between the two looks finds the contact waiting.
  await deps.ledger.insertWait(parent.customer, row.ref);
  const again = await parentOf(linked, values, lease.state);
  return again.kind !== 'missing' ? again : { kind: 'wait', work: waitForCustomer(deps, row) };
}

/** Whether a contact that is about to wait need not. */
export async function isCustomerThere({ deps, pending }: Attempt): Promise<boolean> {
  const change = fromStored(pending.row.body);
  const crmId = change.op === 'upsert' && change.kind === 'contact' ? change.values.relatedCustomerCrmId : undefined;
  return crmId !== undefined && (await linkOfCustomer(deps, { kind: 'customer', crmId })).associateNo !== null;
}

/** The customer that a record of the CRM is by now, and its row. */
export const linkOfCustomer = async (
  deps: Pick<SyncDeps, 'ledger'>,
  customer: RecordRef,
): ReturnType<LinkOfCustomer> => {
  const found = await standingFor(deps, customer);
  return { customer: found?.ref ?? customer, associateNo: found?.state?.associateNo ?? null };
};

function waitForCustomer({ now, settings }: SyncDeps, pending: PendingRow): Work {
  const waitingSince = pending.waitingSince || iso(now());
  const ends = Date.parse(waitingSince) + settings.WAIT_FOR_CUSTOMER_HOURS * HOUR_MS;
  if (ends <= now()) throw new Failure('customer.never-came');
  return { kind: 'wait', code: 'customer.missing', until: Math.min(ends, now() + LOOK_AGAIN_MS), waitingSince };
}
