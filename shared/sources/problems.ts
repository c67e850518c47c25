import { type HttpAnswer, problem, type ProblemDetails } from './problem.ts';

/** Every problem of the webhook route: its stable code → status and title. `docs/schema/openapi.json` lists them. */
export const PROBLEMS = {
  'request.incomplete': { status: 400, title: 'The body ended before it was whole.' },
  'request.not-json': { status: 400, title: 'The body is not JSON in UTF-8.' },
  'event.missing': { status: 400, title: 'A field that every event needs is missing. Nothing was stored.' },
  'event.malformed': { status: 400, title: 'A field that every event needs has the wrong form. Nothing was stored.' },
  'event.in-future': { status: 400, title: 'An event lies more than 5 minutes in the future. Nothing was stored.' },
  'request.unauthenticated': { status: 401, title: 'The request does not prove that it comes from the source.' },
  'source.unknown': { status: 404, title: 'There is no such source.' },
  'request.too-large': { status: 413, title: 'The body is larger than 1 MiB.' },
  'request.too-many-events': { status: 413, title: 'The request has more than 500 events.' },
  'request.content-type': { status: 415, title: 'The content type is not JSON.' },
  'service.failed': { status: 500, title: 'The program made a mistake. Send the request again.' },
  'service.unavailable': { status: 503, title: 'The request cannot be stored just now. Send it again.' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

export function webhookProblem(code: ProblemCode, details?: ProblemDetails): HttpAnswer {
  const { status, title } = PROBLEMS[code];
  return problem(code, status, title, details);
}
