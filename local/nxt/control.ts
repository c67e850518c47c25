import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { COLUMN_KEYS, type RowSeed } from './columns.ts';
import { doubles } from './doubles.ts';
import { faultSchema } from './faults.ts';
import { readBody, sendJson } from './http.ts';
import type { Handler, Sandbox } from './state.ts';

const changes = z.strictObject({
  clear: z.boolean().optional(),
  add: z.array(faultSchema).optional(),
  downtime: z.enum(['off', 'reset', 'unavailable']).optional(),
  latencyMs: z.union([z.number().nonnegative(), z.tuple([z.number(), z.number()])]).optional(),
  clientSecret: z.string().min(1).optional(),
  expireTokens: z.literal(true).optional(),
  /** Lands every write whose answer was lost. */
  landNow: z.literal(true).optional(),
});

const isSeed = (row: Readonly<Record<string, string | number>>): row is RowSeed =>
  Object.keys(row).every((key) => COLUMN_KEYS.has(key));

const seeds = z.strictObject({
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number()])).refine(isSeed, 'unknown column')),
});

function stateOf({ settings, store, requests, faults, slots, tableChanges }: Sandbox) {
  return {
    now: new Date(settings.clock.now()).toISOString(),
    companyNo: settings.companyNo,
    rows: store.all(),
    doubles: doubles(store.all()),
    counts: requests.counts,
    inProgress: slots.taken,
    maxInProgress: requests.maxInProgress,
    maxPerMinute: requests.maxPerMinute,
    writesPerAssociate: Object.fromEntries(requests.writesPerAssociate),
    faults: faults.list(),
    downtime: faults.downtime,
    latencyMs: faults.latencyMs,
    landings: faults.landings(),
    tableChanges: tableChanges.deliveries(),
    log: requests.log.slice(-200),
  };
}

async function changeFaults(input: unknown, { faults, tokens }: Sandbox): Promise<void> {
  const change = changes.parse(input);
  if (change.clear === true) faults.clear();
  if (change.add !== undefined) faults.add(...change.add);
  if (change.downtime !== undefined) faults.downtime = change.downtime;
  if (change.latencyMs !== undefined) faults.latencyMs = change.latencyMs;
  if (change.clientSecret !== undefined) tokens.clientSecret = change.clientSecret;
  if (change.expireTokens === true) tokens.expireAll();
  if (change.landNow === true) await faults.landNow();
}

/** A browser asks before it sends JSON to another origin, so no web page can drive the sandbox. */
const isJson = (request: IncomingMessage) => /^application\/json\b/iu.test(request.headers['content-type'] ?? '');

async function change(path: string, request: IncomingMessage, response: ServerResponse, sandbox: Sandbox) {
  if (!isJson(request)) {
    sendJson(response, 415, { error: 'Send JSON with content-type application/json.' });
    return;
  }
  const input: unknown = JSON.parse((await readBody(request)) || '{}');
  if (path === '/sandbox/faults') await changeFaults(input, sandbox);
  else if (path === '/sandbox/seed') sandbox.store.seed(seeds.parse(input).rows);
  else resetAll(sandbox);
  sendJson(response, 200, stateOf(sandbox));
}

/** Back to how it started: the rows of the options, no faults, counters at zero. */
export function resetAll({ settings, store, requests, faults, tableChanges }: Sandbox): void {
  tableChanges.drop();
  faults.clear();
  faults.dropLandings();
  faults.latencyMs = settings.latencyMs;
  requests.reset();
  store.clear();
  store.seed(settings.rows);
}

/** `/sandbox/…`, for another process or a person with curl. None of it exists in the real service. */
export function controlRoutes(sandbox: Sandbox): Handler {
  return async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://sandbox').pathname;
    if (request.method === 'GET' && path === '/sandbox/state') {
      sendJson(response, 200, stateOf(sandbox));
      return;
    }
    if (request.method !== 'POST' || !['/sandbox/faults', '/sandbox/seed', '/sandbox/reset'].includes(path)) {
      sendJson(response, 404, { error: 'GET /sandbox/state; POST /sandbox/faults, /sandbox/seed, /sandbox/reset' });
      return;
    }
    try {
      await change(path, request, response, sandbox);
      return;
    } catch (error) {
      const problem = error instanceof z.ZodError ? z.prettifyError(error) : 'The body is not JSON.';
      sendJson(response, 400, { error: problem });
      return;
    }
  };
}
