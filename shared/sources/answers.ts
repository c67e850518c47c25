import type { FieldProblem } from '../record/index.ts';
import { Failure } from '../failure.ts';
import type { AcceptedEvent } from './accepted.ts';
import type { HttpAnswer } from './problem.ts';
import { type ProblemCode, webhookProblem } from './problems.ts';

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
