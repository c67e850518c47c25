import type { RecordRef } from '../../record/index.ts';
import { DUE, iso } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';
import { MESSAGE_GRACE_MS } from '../schedule.ts';
import { eachOf } from './failures.ts';
import { byRecord, etagOf, selects, type Selection } from './selection.ts';

/** A change that plan mode decided and did not write. */
export interface Planned {
  readonly ref: RecordRef;
  /** When this very change came in, ISO 8601, UTC. */
  readonly since: string;
}

export interface PlannedList {
  readonly items: readonly Planned[];
  /** Stands for exactly these changes. */
  readonly etag: string;
}

export type AppliedPlan = 'sent' | 'would-send' | 'changed';

/** What would be written if SYNC_MODE were `write`; the order of ids. */
export async function listPlanned({ ledger, now }: SyncDeps, selection: Selection = {}): Promise<PlannedList> {
  const fits = selects(selection, now());
  const found: Planned[] = [];
  await eachOf(ledger, ['pending'], (listed) => {
    if (listed.is !== 'pending' || listed.row.status !== 'planned') return;
    const { ref, receivedAt: since } = listed.row;
    if (fits({ ref, code: 'plan', since })) found.push({ ref, since });
  });
  const items = found.sort((a, b) => byRecord(a.ref, b.ref));
  const marks = items.map(({ ref, since }) => ({ ref, code: 'plan', lastAt: since, replayedAt: '' }));
  return { items, etag: etagOf(marks) };
}

/**
 * Has planned changes written although the mode is `plan`: each is decided once more on what the ERP holds then. One that
 * the CRM has changed since it was listed is left out: nobody has seen that one planned.
 */
export async function applyPlanned(
  { ledger, queues, now }: SyncDeps,
  planned: readonly Planned[],
): Promise<readonly { readonly ref: RecordRef; readonly result: AppliedPlan }[]> {
  const results: { readonly ref: RecordRef; readonly result: AppliedPlan }[] = [];
  for (const { ref, since } of planned) {
    const { pending } = await ledger.read(ref);
    const isSame = pending?.row.status === 'planned' && pending.row.receivedAt === since;
    const to = { ...DUE, approved: true, notBefore: '', dueAt: iso(now() + MESSAGE_GRACE_MS) };
    if (!pending || !isSame || (await ledger.movePending(pending, to)) === 'conflict') {
      results.push({ ref, result: 'changed' });
      continue;
    }
    await queues.sendChange(ref);
    results.push({ ref, result: 'sent' });
  }
  return results;
}
