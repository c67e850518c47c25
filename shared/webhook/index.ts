export { type Accepted, ACCEPTED_STATUSES, type AcceptedEvent, type AcceptedStatus } from './accepted.ts';
export { type HttpAnswer, problem, type ProblemDetails } from './problem.ts';
export { type ProblemCode, PROBLEMS, webhookProblem } from './problems.ts';
export { MAX_BODY_BYTES } from './read-body.ts';
export { type ReceiveDeps, receiveChanges, type WebhookRequest } from './receive-changes.ts';
export { crm, type Source } from './source.ts';
export { type SignedRequest, splitSecrets, verifyStandardWebhook } from './standard-webhook.ts';
