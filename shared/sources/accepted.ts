import type { Change, FieldProblem, FoldedChanges } from '../record/index.ts';

/** `ignored`: the event is none of this program's business. `suppressed`: about a person who was erased; nothing of it was kept. */
export const ACCEPTED_STATUSES = ['queued', 'repeated', 'superseded', 'failed', 'suppressed', 'ignored'] as const;
export type AcceptedStatus = (typeof ACCEPTED_STATUSES)[number];

/** What became of one change. `code` says why it failed, or what a person should know about a queued one. */
export interface Accepted {
  readonly status: AcceptedStatus;
  readonly code?: string;
  /** JSON pointer into the request. */
  readonly pointer?: string;
}

/** One line of the answer. */
export interface AcceptedEvent extends Accepted {
  /** Id of the event. */
  readonly id: string;
}

/**
 * One line per event, in the request's order: what the store says of the newest of each record, what folding says of
 * the others.
 * @param stored one per change of `folded.newest`, in that order.
 */
export function acceptedEvents(
  changes: readonly Change[],
  folded: FoldedChanges,
  stored: readonly Accepted[],
): readonly AcceptedEvent[] {
  if (stored.length !== folded.newest.length) throw new Error('accept: one status per change is required');
  const byChange = new Map(folded.newest.map((change, index) => [change, stored[index]]));
  return changes.map((change, index) => {
    const accepted = byChange.get(change);
    const status = folded.outcomes[index] === 'repeated' ? 'repeated' : 'superseded';
    return { id: change.key.eventId, ...(accepted === undefined ? { status } : explain(change, accepted)) };
  });
}

/** Adds the reason that stands in the change itself, where the store gave none. */
function explain(change: Change, accepted: Accepted): Accepted {
  const reason = accepted.code === undefined ? reasonFor(change, accepted.status) : undefined;
  return { ...accepted, ...reason };
}

function reasonFor({ body, warnings }: Change, status: AcceptedStatus): FieldProblem | undefined {
  if (status === 'failed') return body.op === 'invalid' ? body.problems[0] : undefined;
  return status === 'queued' ? warnings[0] : undefined;
}
