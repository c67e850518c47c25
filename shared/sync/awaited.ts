import { fromStored, StoredBodyError, type ChangeBody, type RecordRef } from '../record/index.ts';
import { refText, type PendingRow } from '../store/index.ts';
import { survivorOf } from './attempt/survivor.ts';
import type { SyncDeps } from './deps.ts';

type WaitDeps = Pick<SyncDeps, 'ledger'>;

/** The customer that a change names and so may have to wait for; null when it waits for none. */
export function namedCustomer({ ref, body, expired }: PendingRow): RecordRef | null {
  const change = ref.kind === 'contact' && !expired ? readBody(body) : null;
  if (change?.op !== 'upsert' || change.kind !== 'contact') return null;
  const { relatedCustomerCrmId: crmId } = change.values;
  return crmId === undefined ? null : { kind: 'customer', crmId };
}

/** A body that cannot be read names nobody; the attempt says so. */
function readBody(body: string): ChangeBody | null {
  try {
    return fromStored(body);
  } catch (error) {
    if (error instanceof StoredBodyError) return null;
    throw error;
  }
}

/** Where the note of the wait lies: with the customer that the named one is by now. */
export const awaitedCustomers = async (deps: WaitDeps, named: RecordRef): Promise<readonly RecordRef[]> => {
  const survivor = await survivorOf(deps, named);
  return survivor === null || refText(survivor) === refText(named) ? [named] : [named, survivor];
};

/** A newer event says that the contact belongs elsewhere, or is gone: nothing is left that says what it waited for. */
export async function leaveWait(deps: WaitDeps, before: PendingRow, next: PendingRow): Promise<void> {
  const former = namedCustomer(before);
  if (former === null || namedCustomer(next)?.crmId === former.crmId) return;
  for (const customer of await awaitedCustomers(deps, former)) await deps.ledger.removeWait(customer, before.ref);
}
