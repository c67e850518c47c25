import { createServer } from 'node:http';
import { createLog } from '../../../shared/log.ts';
import { openEngine } from '../../../shared/engine.ts';
import { acceptChanges } from '../../../shared/sync/index.ts';
import { receiveChanges } from '../../../shared/sources/index.ts';
import { answerUsage, serve } from './usage.ts';

/** The intake without a functions host around it: what this program adds to the storage calls, on a bare server. */

const lines: string[] = [];
const log = createLog((text) => (lines[0] = text));
const running = await openEngine(process.env, log);

const server = createServer((request, response) => {
  const traceId = String(request.headers['webhook-id']);
  const header = (name: string): string | null => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : null;
  };
  void receiveChanges(
    { source: 'crm', header, body: request },
    {
      source: async () => running.source,
      now: () => new Date(),
      secrets: async () => running.source.secretsIn(await running.secrets.find('crm-webhook-secret')),
      accept: (changes) => acceptChanges(running.sync, changes, traceId),
    },
  ).then(
    ({ status, body }) => {
      log({ event: 'intake', source: 'crm', outcome: String(status), traceId });
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    },
    () => response.writeHead(503).end(),
  );
});
serve(server);
answerUsage();
