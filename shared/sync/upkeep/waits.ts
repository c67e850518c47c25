import type { RecordRef } from '../../record/index.ts';
import { refText, UnreadableRow, type PendingRow } from '../../store/index.ts';
import { awaitedCustomers, namedCustomer } from '../awaited.ts';
import type { SyncDeps } from '../deps.ts';

type WaitDeps = Pick<SyncDeps, 'ledger'>;

/**
 * Removes the notes that would wake a record which waits no more: applied, deleted, given up, moved, or its values gone.
 * They tell who belonged where, and the one they wait for may never come. How many.
 */
export async function forgetWaits(deps: WaitDeps): Promise<number> {
  const { ledger } = deps;
  let forgotten = 0;
  for (const shard of ledger.shards) {
    for await (const { on, record } of ledger.listWaits(shard)) {
      const isWaiting = () => waitsFor(deps, record, on);
      if (await isWaiting()) continue;
      await ledger.removeWait(on, record);
      forgotten += 1;
      // An event that came in between may have found the note and relies on it.
      if (await isWaiting()) await ledger.insertWait(on, record);
    }
    for await (const { on, record } of ledger.listRefused(shard)) {
      const isWaiting = async () => (await pendingOf(deps, record)) !== null;
      if (await isWaiting()) continue;
      await ledger.removeRefused(on, record);
      forgotten += 1;
      if (await isWaiting()) await ledger.insertRefused(on, record);
    }
  }
  return forgotten;
}

async function waitsFor(deps: WaitDeps, contact: RecordRef, customer: RecordRef): Promise<boolean> {
  const pending = await pendingOf(deps, contact);
  if (pending === 'unreadable') return true;
  const named = pending && namedCustomer(pending);
  if (!named) return false;
  return (await awaitedCustomers(deps, named)).some((each) => refText(each) === refText(customer));
}

/** Null when there is none, or nothing is left of it that could be tried. */
async function pendingOf({ ledger }: WaitDeps, ref: RecordRef): Promise<PendingRow | 'unreadable' | null> {
  try {
    const pending = await ledger.readPending(ref);
    return pending === null || pending.row.expired ? null : pending.row;
  } catch (error) {
    if (error instanceof UnreadableRow) return 'unreadable';
    throw error;
  }
}
