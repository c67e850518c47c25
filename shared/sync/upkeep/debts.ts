import type { RecordRef } from '../../record/index.ts';
import type { DebtKind } from '../../store/index.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { MESSAGE_GRACE_MS } from '../schedule.ts';

type DebtDeps = Pick<SyncDeps, 'ledger' | 'queues' | 'now'>;

/** Pays what a save left owing. Killed here, the sweep pays; paid twice, nobody is hurt. */
export async function payDebts(deps: DebtDeps, ref: RecordRef, owed: readonly DebtKind[]): Promise<void> {
  for (const what of owed) await PAY[what](deps, ref);
}

const PAY: Readonly<Record<DebtKind, (deps: DebtDeps, ref: RecordRef) => Promise<void>>> = {
  /** A customer has its actor number: its waiting contacts may go on. */
  async wake(deps, customer) {
    const { ledger, queues } = deps;
    for (const crmId of await ledger.waitingFor(customer)) {
      const contact: RecordRef = { kind: 'contact', crmId };
      await makeDue(deps, contact);
      await queues.sendChange(contact);
      await ledger.removeWait(customer, contact);
    }
    await ledger.payDebt(customer, 'wake');
  },

  /** Only the CRM's answer clears this one. */
  async writeback({ queues }, ref) {
    await queues.sendWriteBack(ref);
  },

  /** One pointer per failed record; its message is remembered, so that a replay can take it away. */
  async poison({ ledger, queues }, ref) {
    const failed = await ledger.readFailed(ref);
    if (failed && failed.row.pointerId === '') {
      const sent = await queues.sendPointer(ref, failed.row.code);
      await ledger.moveFailed(failed, { pointerId: sent.id, pointerReceipt: sent.receipt });
    }
    await ledger.payDebt(ref, 'poison');
  },
};

/**
 * The contact looks again now, not at the end of its wait: also when its message comes while the flow is stopped, and
 * when its holder, having looked a moment too early, is just about to put it off.
 */
async function makeDue({ ledger, now }: DebtDeps, contact: RecordRef): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    const { pending } = await ledger.read(contact);
    if (!pending || pending.row.settled !== '') return;
    if ((await ledger.movePending(pending, { dueAt: iso(now() + MESSAGE_GRACE_MS) })) !== 'conflict') return;
  }
}
