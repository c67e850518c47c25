export { type Accepted, ACCEPTED_STATUSES } from './accepted.ts';
export { type HttpAnswer, problem } from './problem.ts';
export { type ProblemCode, PROBLEMS, webhookProblem } from './problems.ts';
export { MAX_BODY_BYTES } from './read-body.ts';
export { type ReceiveDeps, receiveChanges, type WebhookRequest } from './receive-changes.ts';
export { crm, type Source } from './source.ts';
export { splitSecrets, toKey, webhookSecretsProblem } from './standard/secret-form.ts';
export { verifyStandardWebhook } from './standard/standard-webhook.ts';
