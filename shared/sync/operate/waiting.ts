import type { RecordRef } from '../../record/index.ts';
import { DUE, iso, isOpen, NEVER, type PendingRow } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';
import { MESSAGE_GRACE_MS } from '../schedule.ts';
import { eachOf } from './failures.ts';
import { byRecord, selects, type Selection } from './selection.ts';

/** A change that is neither done nor for a person: something else comes first. */
export interface Waiting {
  readonly ref: RecordRef;
  /** `customer.missing`, `next-attempt`, `restricted`, `paused`, or the code that stopped the sync. */
  readonly code: string;
  /** Since when the change is here. */
  readonly since: string;
  /** When it is looked at again, or waits no longer; `''`: as soon as what it waits for is there. */
  readonly until: string;
  readonly attempts: number;
}

export type Freed = 'freed' | 'already-due' | 'gone';

/** What waits, why and until when; the order of ids. Changes that are simply due are not among it. */
export async function listWaiting(deps: SyncDeps, selection: Selection = {}): Promise<readonly Waiting[]> {
  const status = await deps.flow.status();
  const stop = status.is === 'open' ? null : status.is === 'paused' ? 'paused' : status.code;
  const nextProbe = status.is === 'stopped' ? status.nextProbeAt : '';
  const time = iso(deps.now());
  const waitingFor = (row: PendingRow): Pick<Waiting, 'code' | 'until'> | null => {
    if (!isOpen(row)) return null;
    if (row.dueAt === NEVER) return { code: 'restricted', until: '' };
    if (row.waitingSince !== '') {
      const hours = deps.settings.WAIT_FOR_CUSTOMER_HOURS;
      return { code: 'customer.missing', until: iso(Date.parse(row.waitingSince) + hours * 3_600_000) };
    }
    if (row.notBefore > time) return { code: 'next-attempt', until: row.notBefore };
    return stop === null ? null : { code: stop, until: nextProbe };
  };
  const found: Waiting[] = [];
  await eachOf(deps.ledger, ['pending'], (listed) => {
    if (listed.is !== 'pending') return;
    const { row } = listed;
    const waits = waitingFor(row);
    if (waits) found.push({ ref: row.ref, since: row.receivedAt, attempts: row.attempts, ...waits });
  });
  return found.filter(selects(selection, deps.now())).sort((a, b) => byRecord(a.ref, b.ref));
}

/**
 * Has waiting changes tried now instead of later. Nothing is skipped by it: a write whose answer was lost is still
 * looked for first, a contact without its customer waits again, and a stopped sync stays stopped.
 */
export async function free(
  deps: SyncDeps,
  waiting: readonly Waiting[],
): Promise<readonly { readonly ref: RecordRef; readonly result: Freed }[]> {
  const results: { readonly ref: RecordRef; readonly result: Freed }[] = [];
  for (const { ref } of waiting) results.push({ ref, result: await freeOne(deps, ref) });
  return results;
}

export async function freeOne(
  { ledger, queues, now }: Pick<SyncDeps, 'ledger' | 'queues' | 'now'>,
  ref: RecordRef,
): Promise<Freed> {
  const { pending } = await ledger.read(ref);
  if (!pending || !isOpen(pending.row)) return 'gone';
  const due = { ...DUE, notBefore: '', dueAt: iso(now() + MESSAGE_GRACE_MS) };
  if ((await ledger.movePending(pending, due)) === 'conflict') return 'already-due';
  await queues.sendChange(ref);
  return 'freed';
}
