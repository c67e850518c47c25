import type { FailureCode } from '../../failure.ts';
import { WAITING } from '../../store/index.ts';
import { iso } from '../deps.ts';
import type { Attempt } from './attempt.ts';
import type { Applied } from './outcome.ts';
import { LONGEST_MESSAGE_DELAY_MS } from '../schedule.ts';
import { notSuspected } from './suspicion.ts';

/** Ends the lease and looks again at `until` (milliseconds since 1970): by a hidden message, or by the sweep if that is far off. */
export async function delay(
  { deps, lease, pending }: Attempt,
  code: FailureCode,
  until: number,
  also: { readonly attempts?: number; readonly waitingSince?: string } = {},
): Promise<Applied> {
  const { queues, now } = deps;
  const wait = until - now();
  const hasMessage = wait <= LONGEST_MESSAGE_DELAY_MS;
  const to = {
    ...also,
    // Whatever is waited for may come earlier than the time to look again.
    notBefore: code === 'customer.missing' ? '' : iso(until),
    dueAt: iso(hasMessage ? until + LONGEST_MESSAGE_DELAY_MS : until),
    ...WAITING,
  };
  // Nothing is wrong with what waits for its customer: whatever an older state failed with is over.
  const listed = code === 'customer.missing' ? { failed: 'none' as const } : notSuspected(pending);
  const ending = await lease.end({}, { pending: { at: pending, to }, ...listed });
  if (ending === 'newer-state') await queues.sendChange(pending.row.ref);
  else if (ending === 'saved' && hasMessage) await queues.sendChange(pending.row.ref, wait / 1000);
  return { outcome: 'waiting', code };
}
