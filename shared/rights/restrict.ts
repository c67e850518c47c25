import type { RecordRef } from '../record/index.ts';
import { iso, refText } from '../store/index.ts';
import type { SyncDeps } from '../sync/index.ts';
import type { NewReceipt, Receipt, Receipts } from './receipts.ts';

type Request = Omit<NewReceipt, 'right' | 'records' | 'associateNos'>;

/** A message is sent at once; this is when the sweep would, should that be lost. */
const GRACE_MS = 30_000;

/**
 * From now on the record is kept and not processed: its changes are held. An objection (article 21) is a restriction
 * that waits for a decision.
 */
export async function restrict(
  deps: SyncDeps,
  receipts: Receipts,
  ref: RecordRef,
  request: Request,
  right: 'restriction' | 'objection' = 'restriction',
): Promise<Receipt> {
  const receipt = await receipts.begin({ ...request, right, records: [recordText(ref)], associateNos: [] });
  const done = await deps.restrictions.set({ ref, since: iso(deps.now()), receipt: receipt.id });
  const changes = {
    done: { [done === 'done' ? 'restricted' : 'wasRestrictedAlready']: 1 },
    // An objection ends with its decision.
    ...(right === 'restriction' && { endedAt: iso(deps.now()) }),
  };
  return (await receipts.change(receipt.id, changes)) ?? receipt;
}

/** What becomes of the changes that came meanwhile. */
export type Held = 'apply' | 'drop';

/** Ends the restriction. Killed in between, the same call finishes it. */
export async function unrestrict(
  deps: SyncDeps,
  receipts: Receipts,
  ref: RecordRef,
  held: Held,
  request: Request,
): Promise<Receipt> {
  const receipt = await receipts.begin({
    ...request,
    right: 'restriction-lifted',
    records: [recordText(ref)],
    associateNos: [],
  });
  // Dropped while the record is still held: afterwards it could be on its way already.
  const dropped = held === 'drop' ? await drop(deps, ref) : 0;
  await deps.restrictions.lift(ref);
  const applied = held === 'apply' ? await makeDue(deps, ref) : 0;
  const changes = { done: { lifted: 1, changesApplied: applied, changesDropped: dropped }, endedAt: iso(deps.now()) };
  return (await receipts.change(receipt.id, changes)) ?? receipt;
}

/** Records what was decided on an objection; rejected, the processing goes on. Null when there is no such receipt. */
export async function decideObjection(
  deps: SyncDeps,
  receipts: Receipts,
  id: string,
  decision: 'granted' | 'rejected',
  request: Request,
): Promise<Receipt | null> {
  const receipt = await receipts.read(id);
  if (receipt?.right !== 'objection') return null;
  if (decision === 'rejected') {
    for (const { ref } of await deps.restrictions.list()) {
      if (receipt.records.includes(recordText(ref))) await unrestrict(deps, receipts, ref, 'apply', request);
    }
  }
  const time = iso(deps.now());
  return receipts.change(id, { decision, decidedAt: time, endedAt: time });
}

const recordText = (ref: RecordRef): string => refText(ref).replace('|', ':');

async function drop({ ledger }: SyncDeps, ref: RecordRef): Promise<number> {
  const { pending } = await ledger.read(ref);
  if (!pending) return 0;
  return (await ledger.removePending(pending)) === 'done' ? 1 : 0;
}

async function makeDue({ ledger, queues, now }: SyncDeps, ref: RecordRef): Promise<number> {
  const { pending } = await ledger.read(ref);
  if (!pending) return 0;
  await ledger.movePending(pending, { dueAt: iso(now() + GRACE_MS), notBefore: '' });
  await queues.sendChange(ref);
  return 1;
}
