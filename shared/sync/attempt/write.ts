import { Failure } from '../../failure.ts';
import type { Intent, StateRow } from '../../store/index.ts';
import type { WriteOutcome, DeleteOutcome } from '../../erp/index.ts';
import { iso, type SyncDeps } from '../deps.ts';
import type { Leased } from './attempt.ts';
import type { Work } from './outcome.ts';

const FIRST_LOOK_MS = 5_000;

/** How long after it was sent a write whose answer was lost may still land, milliseconds since 1970. */
export function doubtEnds(deps: SyncDeps, intent: { readonly at: string }): number {
  return Date.parse(intent.at) + deps.settings.NXT_DOUBT_SECONDS * 1000;
}

/**
 * While an earlier write may still land, nothing else may be sent for the record: it would be overtaken, or doubled.
 * Null when there is no such doubt.
 */
export function waitForDoubt({ deps, lease }: Leased): Extract<Work, { kind: 'wait' }> | null {
  const { intent } = lease.state;
  if (intent === null) return null;
  const until = doubtEnds(deps, intent);
  return until > deps.now() ? { kind: 'wait', code: 'write.in-doubt', until } : null;
}

/** What a write is about to be, and of which fields it leaves the values as they were last applied. */
export interface Sending {
  readonly kind: Intent;
  readonly revision: string;
  readonly hashes: StateRow['hashes'];
  /** What the way back knows meanwhile, where it is another thing. */
  readonly wayBack?: StateRow['wayBack'];
}

const known = ({ hashes, wayBack }: StateRow): Pick<StateRow, 'hashes' | 'wayBack'> => ({ hashes, wayBack });

/** Sends one write under the lease; what cannot be known afterwards becomes a wait until the doubt has passed. */
export async function send<Outcome extends WriteOutcome | DeleteOutcome>(
  { deps, lease }: Leased,
  { kind, revision, hashes, wayBack = lease.state.wayBack }: Sending,
  write: (beforeSend: () => Promise<boolean>) => Promise<Outcome>,
): Promise<Exclude<Outcome, { kind: 'lost' | 'not-sent' }> | Work> {
  let outcome: Outcome;
  const before = lease.state;
  // Until the answer is there the ERP may hold the old values or the new: a newer change, also one back to the old
  // values, must write them.
  lease.stage({ hashes, wayBack });
  try {
    outcome = await write(() => lease.intend(kind, revision));
  } catch (error) {
    // A Failure says that the write surely did not happen, so that no doubt is left behind.
    if (error instanceof Failure) {
      lease.stage({ ...known(before), ...(lease.state.intent !== before.intent && { intent: null }) });
    }
    throw error;
  }
  // The row was not what it was held to be: nothing was written.
  if (outcome.kind === 'changed') lease.stage({ ...known(before), intent: before.intent });
  if (outcome.kind === 'not-sent') return { kind: 'lost-lease' };
  if (outcome.kind === 'lost') {
    // Something was stored under another id than was sent: looking for it again would not find it.
    if (outcome.cause.code === 'erp.external-id-changed') throw outcome.cause;
    // It has often landed all the same: a look soon after costs a read and saves most of the wait.
    const ends = doubtEnds(deps, lease.state.intent ?? { at: iso(deps.now()) });
    const until = Math.min(ends, deps.now() + FIRST_LOOK_MS);
    const isOwn = outcome.cause.code === 'erp.request-failed';
    return { kind: 'wait', code: 'write.in-doubt', until, ...(isOwn && { spent: outcome.cause }) };
  }
  return outcome as Exclude<Outcome, { kind: 'lost' | 'not-sent' }>;
}
