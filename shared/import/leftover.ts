import { setTimeout as delay } from 'node:timers/promises';
import type { RecordRef } from '../record/index.ts';
import { iso, isOpen, refText, type PendingRow } from '../store/index.ts';
import { applyChange, type Applied, type SyncDeps } from '../sync/index.ts';

/** What marks a pending row as an import's: it stands where a webhook's trace id does. */
export const IMPORT_TRACE = 'import';

export interface LeftoverOptions {
  /** Told before each round how many records are left. */
  readonly onWait?: (records: number) => void;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Told of each attempt. */
type OnApplied = (ref: RecordRef, applied: Applied) => void;

const AT_ONCE = 100;
const BETWEEN_ROUNDS_MS = 3_000;
/** For clocks that differ, and for the write itself. */
const MARGIN_MS = 30_000;

/**
 * Rows of an import that could not be done in their turn: held by an import that was killed, a write in doubt, one of
 * two lines for the same record. Looks at them again until they are done, at most for as long as a dead holder's lease
 * or a doubt lasts; the rest is the function app's, as is a contact whose customer is nowhere. Works from the ledger,
 * so that what an earlier run left behind is done too.
 */
export async function finishLeftover(
  deps: SyncDeps,
  onApplied: OnApplied,
  { onWait = () => undefined, pause = delay }: LeftoverOptions,
): Promise<void> {
  const { settings, now } = deps;
  const longest = Math.max(settings.LEASE_SECONDS + settings.NXT_TIMEOUT_SECONDS, settings.NXT_DOUBT_SECONDS);
  const giveUpAt = now() + longest * 1000 + MARGIN_MS;
  let isCustomerNew = false;
  const unreadable = new Set<string>();
  for (;;) {
    if ((await deps.flow.status()).is !== 'open') return;
    const open = (await openRows(deps)).filter(({ ref }) => !unreadable.has(refText(ref)));
    const late = open.filter(({ waitingSince, notBefore }) => waitingSince === '' && notBefore < iso(giveUpAt));
    const wanted = isCustomerNew ? open : late;
    if (wanted.length === 0) return;
    onWait(late.length);
    isCustomerNew = await applyAll(deps, wanted, (ref, applied) => {
      if (applied.outcome === 'unreadable') unreadable.add(refText(ref));
      onApplied(ref, applied);
    });
    if (now() > giveUpAt) return;
    if (!isCustomerNew) await pause(BETWEEN_ROUNDS_MS);
  }
}

/** True when a customer has its actor number now: contacts may wait for it. */
async function applyAll(deps: SyncDeps, rows: readonly PendingRow[], onApplied: OnApplied): Promise<boolean> {
  const attempt = async ({ ref }: PendingRow): Promise<boolean> => {
    const applied = await applyChange(deps, ref);
    onApplied(ref, applied);
    return ref.kind === 'customer' && ['created', 'linked'].includes(applied.outcome);
  };
  const isNew: boolean[] = [];
  for (let first = 0; first < rows.length; first += AT_ONCE) {
    isNew.push(...(await Promise.all(rows.slice(first, first + AT_ONCE).map(attempt))));
  }
  return isNew.includes(true);
}

async function openRows({ ledger }: SyncDeps): Promise<readonly PendingRow[]> {
  const open: PendingRow[] = [];
  for (const shard of ledger.shards) {
    for await (const listed of ledger.list(shard, ['pending'])) {
      if (listed.is === 'pending' && isOpen(listed.row) && listed.row.traceId === IMPORT_TRACE) {
        open.push(listed.row);
      }
    }
  }
  return open;
}
