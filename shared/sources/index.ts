export { type Accepted, ACCEPTED_STATUSES } from './accepted.ts';
export { type HttpAnswer, problem } from './problem.ts';
export { type ProblemCode, PROBLEMS, webhookProblem } from './problems.ts';
export { MAX_BODY_BYTES } from './read-body.ts';
export { type ReceiveDeps, receiveChanges, type WebhookRequest } from './receive-changes.ts';
export { secretsForAdapter } from './adapter-settings.ts';
export { createSource } from './create-source.ts';
export { type ParsedEvents, type SignedRequest, type Source } from './source.ts';
export { unconfiguredSource } from './unconfigured.ts';
