import { type Change, foldChanges } from '../record/index.ts';
import { Failure } from '../failure.ts';
import { type Accepted, acceptedEvents, accepted, refused, unavailable } from './answers.ts';
import { isJsonType, parseJson, type BodySource, readBody } from './body.ts';
import type { HttpAnswer } from './problem.ts';
import { webhookProblem } from './problems.ts';
import type { Source } from './source.ts';

export interface WebhookRequest extends BodySource {
  /** The name in the route. */
  readonly source: string;
}

export interface ReceiveDeps {
  /** Whose webhooks come in by this route; undefined where the route is not open. */
  source(route: string): Promise<Source | undefined>;
  /**
   * The source's secrets; none is no reason to throw.
   * @throws Failure when they cannot be read just now.
   */
  secrets(): Promise<readonly string[]>;
  /**
   * Stores the changes, at most one per record, and queues them. One status per change, in order. Of a change that
   * `CRM_SYNC_WHEN` keeps out nothing is stored, unless its record is known already.
   * @throws Failure when that is not possible just now.
   */
  accept(changes: readonly Change[], keptOut: ReadonlySet<Change>): Promise<readonly Accepted[]>;
  now(): Date;
}

/**
 * A webhook request → its answer. The checks stand in the order in which they are made: the size, because nothing
 * larger is read; then the proof, so that a stranger learns nothing and costs one HMAC; then what was sent.
 * @throws what is not an expected failure; answer it with `service.failed`.
 */
export async function receiveChanges(request: WebhookRequest, deps: ReceiveDeps): Promise<HttpAnswer> {
  try {
    const source = await deps.source(request.source);
    if (source === undefined) return webhookProblem('source.unknown');

    const body = await readBody(request);
    if (typeof body === 'string') return webhookProblem(body);

    const now = deps.now();
    // Before anything is judged: with the vault away, well-formed and malformed requests must look the same.
    const secrets = await knownSecrets(deps);
    const signed = { header: request.header, body };
    const genuine = source.verify(signed, secrets, now);
    if (!genuine) return webhookProblem('request.unauthenticated');

    if (!isJsonType(request.header('content-type'))) return webhookProblem('request.content-type');
    const parsed = parseJson(body);
    if (parsed === null) return webhookProblem('request.not-json');

    const events = await source.parse(parsed.json, signed, now);
    if (!events.ok) return events.tooMany ? webhookProblem('request.too-many-events') : refused(events.problems);

    const folded = foldChanges(events.changes);
    const stored = await deps.accept(folded.newest, new Set(events.keptOut));
    const ignored = events.ignored.map((id) => ({ id, status: 'ignored' as const }));
    return accepted(source.acceptedStatus, [...acceptedEvents(events.changes, folded, stored), ...ignored]);
  } catch (error) {
    return unavailable(error);
  }
}

/** No secret configured looks like a wrong one: whoever asks must not learn which. */
async function knownSecrets(deps: Pick<ReceiveDeps, 'secrets'>): Promise<readonly string[]> {
  try {
    return await deps.secrets();
  } catch (error) {
    if (error instanceof Failure && error.code === 'secrets.missing') return [];
    throw error;
  }
}
