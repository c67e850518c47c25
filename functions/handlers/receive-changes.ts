import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { Failure } from '../../shared/failure.ts';
import { LimitError, withLimit } from '../../shared/limit.ts';
import { createLog, describeError } from '../../shared/log.ts';
import { ownEngine } from '../../shared/engine.ts';
import { SettingsError } from '../../shared/settings.ts';
import { acceptChanges, acceptThroughGate, takeHints } from '../../shared/sync/index.ts';
import {
  NXT_ROUTE,
  receiveChanges,
  receiveHints,
  unconfiguredSource,
  webhookProblem,
  type HttpAnswer,
  type Source,
} from '../../shared/sources/index.ts';

/**
 * Some CRMs wait five seconds for their answer and then drop the subscription. However slow storage is, they hear by
 * then that they may send again; what is stored after that makes the repeat a repeat. A large request may take longer.
 */
const ANSWER_MS = 3_500;
const SHORTEST_MS = 1_000;
const EACH_CHANGE_MS = 20;

async function inTime<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  try {
    return await withLimit(milliseconds, () => work);
  } catch (error) {
    throw error instanceof LimitError ? new Failure('storage.unavailable') : error;
  }
}

/** One CRM per deployment: its route alone is open. */
async function sourceOf(route: string): Promise<Source | undefined> {
  const running = await ownEngine();
  const crm = running instanceof SettingsError ? unconfiguredSource(process.env['CRM_ADAPTER']) : running.source;
  return crm.route === route ? crm : undefined;
}

export async function handle(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const log = createLog((text) => context.log(text));
  const started = Date.now();
  const traceId = context.traceContext?.traceParent ?? context.invocationId;
  const source = request.params['source'] ?? '';
  const incoming = { source, header: (name: string) => request.headers.get(name), body: request.body };
  let events = 0;
  let arrived = started;
  const answerChanges = (): Promise<HttpAnswer> =>
    receiveChanges(incoming, {
      source: sourceOf,
      now: () => {
        arrived = Date.now();
        return new Date(arrived);
      },
      async secrets() {
        const running = await ownEngine();
        if (running instanceof SettingsError) return [];
        return running.source.secretsIn(await running.secrets.find('crm-webhook-secret'));
      },
      async accept(changes, keptOut) {
        const running = await ownEngine();
        if (running instanceof SettingsError) throw running;
        events = changes.length;
        const limit = Math.max(SHORTEST_MS, ANSWER_MS - (Date.now() - arrived)) + changes.length * EACH_CHANGE_MS;
        const stored =
          keptOut.size === 0
            ? acceptChanges(running.sync, changes, traceId)
            : acceptThroughGate(running.sync, changes, keptOut, traceId);
        return inTime(limit, stored);
      },
    });
  const answerHints = (): Promise<HttpAnswer> =>
    receiveHints(incoming, {
      async key() {
        const running = await ownEngine();
        return running instanceof SettingsError ? null : running.secrets.find('nxt-webhook-key');
      },
      async companyNo() {
        const running = await ownEngine();
        return running instanceof SettingsError ? null : running.settings.NXT_COMPANY_NO;
      },
      async take(hints) {
        const running = await ownEngine();
        if (running instanceof SettingsError) throw running;
        if (running.settings.ERP_TO_CRM === 'off') return;
        events = hints.length;
        const rows = hints.map(({ associateNo }) => associateNo);
        await inTime(ANSWER_MS + hints.length * EACH_CHANGE_MS, takeHints(running.sync, rows));
      },
    });
  try {
    const answer = source === NXT_ROUTE ? await answerHints() : await answerChanges();
    // What a stranger writes into the address is no name of ours, and stays out of the log.
    log({
      event: 'intake',
      source: answer.status === 404 ? null : source,
      outcome: String(answer.status),
      events,
      ms: Date.now() - started,
      traceId,
    });
    return answer;
  } catch (error) {
    log({ event: 'bug', source, traceId, ...describeError(error) });
    return webhookProblem('service.failed');
  }
}
