import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { createLog, describeError } from '../../shared/log.ts';
import { runtime } from '../../shared/runtime.ts';
import { SettingsError } from '../../shared/settings.ts';
import { acceptChanges } from '../../shared/sync/index.ts';
import { receiveChanges, splitSecrets, webhookProblem } from '../../shared/sources/index.ts';

export async function handle(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const log = createLog((text) => context.log(text));
  const started = Date.now();
  const traceId = context.traceContext?.traceParent ?? context.invocationId;
  const source = request.params['source'] ?? '';
  let events = 0;
  try {
    const answer = await receiveChanges(
      { source, header: (name) => request.headers.get(name), body: request.body },
      {
        now: () => new Date(),
        async secrets() {
          const running = await runtime();
          if (running instanceof SettingsError) return [];
          return splitSecrets(await running.secrets.find('crm-webhook-secret'));
        },
        async accept(changes) {
          const running = await runtime();
          if (running instanceof SettingsError) throw running;
          events = changes.length;
          return acceptChanges(running.sync, changes, traceId);
        },
      },
    );
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
