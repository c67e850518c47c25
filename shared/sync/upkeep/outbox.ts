import type { RecordRef } from '../../record/index.ts';
import { DUE, isOpen, type OutboxKind } from '../../store/index.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { MESSAGE_GRACE_MS } from '../schedule.ts';

type OutboxDeps = Pick<SyncDeps, 'ledger' | 'queues' | 'now'>;

/** Whom a wake is for: contacts that wait for a customer, and records that were refused the row of one that is gone. */
type Woken = 'linked' | 'gone' | 'both';

/**
 * Pays what a save left owing. Killed here, the sweep pays; paid twice, nobody is hurt. A wake that is owed beside a
 * write-back lies in the same row, and goes with it: it is paid first.
 */
export async function sendOwed(
  deps: OutboxDeps,
  ref: RecordRef,
  owed: readonly OutboxKind[],
  woken: Woken = 'both',
): Promise<void> {
  if (owed.includes('wake')) {
    await wake(deps, ref, woken);
    if (!owed.includes('writeback')) await deps.ledger.removeOwed(ref, 'wake');
  }
  // Only the CRM's answer clears this one.
  if (owed.includes('writeback') || owed.includes('fields')) await deps.queues.sendWriteBack(ref);
  // Paid by the attempt that looks at the ERP's row.
  if (owed.includes('look')) await deps.queues.sendChange(ref);
  if (owed.includes('poison')) await sendPointer(deps, ref);
}

/** What a record was refused with may be over once another record is gone. */
const TRIED_AGAIN = ['match.already-linked', 'match.ambiguous', 'match.conflict'];

/** A customer has its actor number, so its contacts may go on; or a record is gone, so another may have its row. */
async function wake(deps: OutboxDeps, ref: RecordRef, woken: Woken): Promise<void> {
  const { ledger, queues } = deps;
  for (const crmId of ref.kind === 'customer' ? await ledger.waitingFor(ref) : []) {
    const contact: RecordRef = { kind: 'contact', crmId };
    await makeDue(deps, contact);
    await queues.sendChange(contact);
    await ledger.removeWait(ref, contact);
  }
  for (const refused of woken === 'linked' ? [] : await ledger.refusedFor(ref)) {
    await makeDue(deps, refused, TRIED_AGAIN);
    await queues.sendChange(refused);
    await ledger.removeRefused(ref, refused);
  }
}

/** One pointer per failed record; its message is remembered, so that a replay can take it away. */
async function sendPointer({ ledger, queues }: OutboxDeps, ref: RecordRef): Promise<void> {
  const failed = await ledger.readFailed(ref);
  if (failed && failed.row.pointerId === '') {
    const sent = await queues.sendPointer(ref, failed.row.code);
    await ledger.moveFailed(failed, { pointerId: sent.id, pointerReceipt: sent.receipt });
  }
  await ledger.removeOwed(ref, 'poison');
}

/**
 * The contact looks again now, not at the end of its wait: also when its message comes while the flow is stopped, and
 * when its holder, having looked a moment too early, is just about to put it off.
 */
async function makeDue(
  { ledger, now }: OutboxDeps,
  contact: RecordRef,
  orFailedWith: readonly string[] = [],
): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    const { pending } = await ledger.read(contact);
    if (!pending) return;
    if (!isOpen(pending.row) && !orFailedWith.includes(pending.row.failure)) return;
    const again = { ...DUE, dueAt: iso(now() + MESSAGE_GRACE_MS) };
    if ((await ledger.movePending(pending, again)) !== 'conflict') return;
  }
}
