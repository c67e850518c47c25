import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { clientGone, closeServer, listen, readBody, sendJson } from '../nxt/http.ts';
import { CrmFaults, crmFaultSchema } from './faults.ts';
import { type CrmCall, Records } from './records.ts';

export interface CrmSimulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** What `Authorization: Bearer` has to carry. */
  readonly token: string;
}

export interface CrmSimulator {
  /** `http://127.0.0.1:<port>`, the value for CRM_API_URL. */
  readonly origin: string;
  readonly port: number;
  readonly records: Records;
  readonly faults: CrmFaults;
  readonly stop: () => Promise<void>;
}

const ROUTE = /^\/(?<kind>customers|contacts)\/(?<crmId>[^/?]+)$/u;

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function statusOf(call: Omit<CrmCall, 'outcome'>, authorized: boolean, records: Records): number {
  if (!authorized) return 401;
  if (records.forgotten.has(call.crmId)) return 404;
  if (!call.idempotencyKey) return 400;
  return records.write(call.kind, call.crmId, call.idempotencyKey, call.body) ? 200 : 422;
}

function callOf(request: IncomingMessage, path: string, body: unknown): Omit<CrmCall, 'outcome'> | undefined {
  const { kind, crmId } = ROUTE.exec(path)?.groups ?? {};
  if (request.method !== 'PATCH' || crmId === undefined) return undefined;
  const key = request.headers['idempotency-key'];
  return {
    kind: kind === 'customers' ? 'customers' : 'contacts',
    crmId: decodeURIComponent(crmId),
    idempotencyKey: Array.isArray(key) ? key[0] : key,
    ifMatch: request.headers['if-match'],
    body,
  };
}

async function takeNumbers(
  call: Omit<CrmCall, 'outcome'>,
  authorized: boolean,
  response: ServerResponse,
  { records, faults }: Pick<CrmSimulator, 'records' | 'faults'>,
): Promise<void> {
  const fault = faults.strike(call.crmId);
  if (fault?.do === 'hang') {
    records.calls.push({ ...call, outcome: 'hang' });
    await clientGone(response);
    return;
  }
  const status = fault?.status ?? statusOf(call, authorized, records);
  records.calls.push({ ...call, outcome: status });
  if (fault?.retryAfterSeconds !== undefined) response.setHeader('retry-after', fault.retryAfterSeconds);
  sendJson(response, status, status < 300 ? { crmId: call.crmId } : { error: status });
}

const view = ({ customers, contacts, calls }: Records) => ({
  customers: Object.fromEntries(customers),
  contacts: Object.fromEntries(contacts),
  calls,
});

/** Starts a CRM that takes numbers back: `PATCH /customers/{crmId}`, `PATCH /contacts/{crmId}`; `GET /records` shows them. */
export async function startCrmSimulator({ port = 0, token }: CrmSimulatorOptions): Promise<CrmSimulator> {
  const records = new Records();
  const faults = new CrmFaults();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const body = parsedJson(await readBody(request));
    if (request.method === 'GET' && path === '/records') {
      sendJson(response, 200, view(records));
      return;
    }
    if (request.method === 'POST' && path === '/faults') {
      const list = crmFaultSchema.array().safeParse(body);
      faults.clear();
      if (list.success) faults.add(...list.data);
      sendJson(response, list.success ? 200 : 400, list.success ? list.data : { error: 'Send a list of faults.' });
      return;
    }
    const call = callOf(request, path, body);
    if (call === undefined) {
      sendJson(response, 404, {
        error: 'PATCH /customers/{crmId}, PATCH /contacts/{crmId}, GET /records, POST /faults',
      });
      return;
    }
    await takeNumbers(call, request.headers.authorization === `Bearer ${token}`, response, { records, faults });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { error: String(error) });
    });
  });
  const taken = await listen(server, port);
  return { origin: `http://127.0.0.1:${taken}`, port: taken, records, faults, stop: () => closeServer(server) };
}
