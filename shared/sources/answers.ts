import type { Change, FieldProblem, FoldedChanges } from '../record/index.ts';
import { Failure } from '../failure.ts';
import type { HttpAnswer } from './problem.ts';
import { type ProblemCode, webhookProblem } from './problems.ts';

/** `ignored`: the event is none of this program's business. `suppressed`: about a person who was erased; nothing of it was kept. */
export const ACCEPTED_STATUSES = ['queued', 'repeated', 'superseded', 'failed', 'suppressed', 'ignored'] as const;
type AcceptedStatus = (typeof ACCEPTED_STATUSES)[number];

/** What became of one change. `code` says why it failed, or what a person should know about a queued one. */
export interface Accepted {
  readonly status: AcceptedStatus;
  readonly code?: string;
  /** JSON pointer into the request. */
  readonly pointer?: string;
}

/** One line of the answer. */
interface AcceptedEvent extends Accepted {
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

/** Seconds after which a sender may try again, where the cause does not say. */
const RETRY_AFTER_SECONDS = 30;

/** Every event is stored. */
export function accepted(status: number, events: readonly AcceptedEvent[]): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify({ accepted: events }),
  };
}

const EVENT_PROBLEMS: Readonly<Record<string, ProblemCode>> = {
  'event.missing': 'event.missing',
  'event.in-future': 'event.in-future',
};

/** The request is refused whole: the first problem gives the code, the pointers name them all. */
export function refused(problems: readonly FieldProblem[]): HttpAnswer {
  const code = EVENT_PROBLEMS[problems[0]?.code ?? ''] ?? 'event.malformed';
  return webhookProblem(code, { pointers: problems.map(({ pointer }) => pointer) });
}

/** Secrets or storage cannot be reached just now. @throws any other error: it is not the sender's to wait for. */
export function unavailable(error: unknown): HttpAnswer {
  if (!(error instanceof Failure) || error.decision === 'bug') throw error;
  const seconds = Math.ceil((error.details.retryAfterMs ?? 0) / 1000);
  return webhookProblem('service.unavailable', { retryAfter: seconds > 0 ? seconds : RETRY_AFTER_SECONDS });
}
