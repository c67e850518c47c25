import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { clientGone, closeServer, listen, readBody, sendJson } from '../nxt/http.ts';
import type { CrmEvent } from './change-events.ts';
import { CrmFaults, crmFaultSchema } from './faults.ts';
import { type CrmCall, holdsFields, type RecordKind, Records } from './records.ts';

export interface CrmSimulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** What `Authorization: Bearer` has to carry. */
  readonly token: string;
  /** Whether it offers `GET /customers`, `/customers/{crmId}` and the same of contacts; 404 otherwise, the default. */
  readonly isReadable?: boolean;
  /** Told of every field that was written, as its webhook tells it: whoever wrote, the record has changed. */
  readonly tell?: (event: CrmEvent) => void;
}

export interface CrmSimulator {
  /** `http://127.0.0.1:<port>`, the value for CRM_API_URL. */
  readonly origin: string;
  readonly port: number;
  readonly records: Records;
  readonly faults: CrmFaults;
  readonly stop: () => Promise<void>;
}

const ROUTE = /^\/(?<kind>customers|contacts)(?:\/(?<crmId>[^/?]+))?$/u;
const MOST_ON_A_PAGE = 1000;

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function statusOf(call: Omit<CrmCall, 'outcome'>, records: Records): number {
  const { kind, crmId, idempotencyKey, ifMatch, body } = call;
  if (records.forgotten.has(crmId)) return 404;
  if (!idempotencyKey) return 400;
  const version = records.versions.get(`${kind}/${crmId}`);
  const isOther = ifMatch !== undefined && version !== undefined && ifMatch !== `"${version}"`;
  if (isOther && !records.hasTaken(kind, crmId, idempotencyKey)) return 412;
  return records.write(kind, crmId, idempotencyKey, body) ? 200 : 422;
}

function callOf(
  { headers }: IncomingMessage,
  { kind, crmId }: { readonly kind: RecordKind; readonly crmId: string },
  body: unknown,
): Omit<CrmCall, 'outcome'> {
  const key = headers['idempotency-key'];
  const idempotencyKey = Array.isArray(key) ? key[0] : key;
  return { kind, crmId, idempotencyKey, ifMatch: headers['if-match'], body };
}

/** The event of a record that was written; null for one that the CRM has not made itself. */
function eventOf(records: Records, kind: RecordKind, crmId: string): CrmEvent | null {
  const { version, ...data } = records.get(kind, crmId) ?? {};
  if (typeof version !== 'number') return null;
  const envelope = { id: `evt_${randomUUID()}`, occurredAt: new Date().toISOString(), version };
  return kind === 'customers'
    ? { ...envelope, type: 'customer.updated', data: { ...data, crmId } }
    : { ...envelope, type: 'contact.updated', data: { ...data, crmId } };
}

const view = ({ customers, contacts, calls }: Records) => ({
  customers: Object.fromEntries(customers),
  contacts: Object.fromEntries(contacts),
  calls,
});

/**
 * Starts a CRM that speaks this program's own events: `PATCH /customers/{crmId}` and `/contacts/{crmId}` take numbers and
 * fields, `GET /records` shows everything.
 */
export async function startCrmSimulator({
  port = 0,
  token,
  isReadable = false,
  tell = () => undefined,
}: CrmSimulatorOptions): Promise<CrmSimulator> {
  const records = new Records();
  const faults = new CrmFaults();

  const write = async (
    call: Omit<CrmCall, 'outcome'>,
    isAuthorized: boolean,
    response: ServerResponse,
  ): Promise<void> => {
    const fault = faults.strike(call.crmId);
    if (fault?.do === 'hang') {
      records.calls.push({ ...call, outcome: 'hang' });
      await clientGone(response);
      return;
    }
    const isRepeat = records.hasTaken(call.kind, call.crmId, call.idempotencyKey ?? '');
    const status = fault?.status ?? (isAuthorized ? statusOf(call, records) : 401);
    records.calls.push({ ...call, outcome: status });
    if (fault?.retryAfterSeconds !== undefined) response.setHeader('retry-after', fault.retryAfterSeconds);
    sendJson(response, status, status < 300 ? { crmId: call.crmId } : { error: status });
    const isNews = status < 300 && !isRepeat && holdsFields(call.body);
    const event = isNews ? eventOf(records, call.kind, call.crmId) : null;
    if (event !== null) tell(event);
  };

  const read = (
    kind: RecordKind,
    crmId: string | undefined,
    query: URLSearchParams,
    response: ServerResponse,
  ): void => {
    if (crmId === undefined) {
      const limit = Math.min(Number(query.get('limit') ?? MOST_ON_A_PAGE), MOST_ON_A_PAGE);
      sendJson(response, 200, records.list(kind, query.get('after') ?? '', limit));
      return;
    }
    const record = records.get(kind, crmId);
    sendJson(response, record === null ? 404 : 200, record ?? { error: 404 });
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://crm');
    const body = parsedJson(await readBody(request));
    if (request.method === 'GET' && pathname === '/records') {
      sendJson(response, 200, view(records));
      return;
    }
    if (request.method === 'POST' && pathname === '/faults') {
      const list = crmFaultSchema.array().safeParse(body);
      faults.clear();
      if (list.success) faults.add(...list.data);
      sendJson(response, list.success ? 200 : 400, list.success ? list.data : { error: 'Send a list of faults.' });
      return;
    }
    const groups = ROUTE.exec(pathname)?.groups ?? {};
    const kind = groups['kind'] === 'customers' || groups['kind'] === 'contacts' ? groups['kind'] : null;
    const crmId = groups['crmId'] === undefined ? undefined : decodeURIComponent(groups['crmId']);
    const isAuthorized = request.headers.authorization === `Bearer ${token}`;
    if (kind !== null && request.method === 'GET' && isReadable) {
      if (isAuthorized) read(kind, crmId, searchParams, response);
      else sendJson(response, 401, { error: 401 });
    } else if (kind !== null && crmId !== undefined && request.method === 'PATCH') {
      await write(callOf(request, { kind, crmId }, body), isAuthorized, response);
    } else {
      const error = 'PATCH /customers/{crmId}, PATCH /contacts/{crmId}, GET /records, POST /faults';
      sendJson(response, 404, { error });
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { error: String(error) });
    });
  });
  const taken = await listen(server, port);
  return { origin: `http://127.0.0.1:${taken}`, port: taken, records, faults, stop: () => closeServer(server) };
}
