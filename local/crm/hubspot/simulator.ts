import { createServer } from 'node:http';
import { closeServer, listen, readBody, sendJson } from '../../nxt/http.ts';
import { HubspotApi } from './api.ts';
import { HubspotStore, type HubspotEvent } from './store.ts';

export interface HubspotSimulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly token: string;
  readonly now?: () => number;
  readonly requestsPer10s?: number;
}

export interface HubspotSimulator {
  /** `http://127.0.0.1:<port>`, the value for CRM_API_URL. */
  readonly origin: string;
  readonly store: HubspotStore;
  readonly api: HubspotApi;
  /** Events that nobody has taken yet, in the order in which they happened. */
  readonly events: HubspotEvent[];
  /** Takes them. */
  takeEvents(): readonly HubspotEvent[];
  stop(): Promise<void>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A HubSpot account on this machine: the API by HTTP, the records as an object. `GET /records` shows them. */
export async function startHubspotSimulator(options: HubspotSimulatorOptions): Promise<HubspotSimulator> {
  const { port = 0, token, now = Date.now } = options;
  const events: HubspotEvent[] = [];
  const store = new HubspotStore(now, (event) => events.push(event));
  const { requestsPer10s } = options;
  const api = new HubspotApi({ store, token, now, ...(requestsPer10s !== undefined && { requestsPer10s }) });
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const path = request.url ?? '/';
      if (path === '/records') {
        const { companies, contacts } = store.objects;
        sendJson(response, 200, { companies: [...companies.values()], contacts: [...contacts.values()] });
        return;
      }
      const { authorization } = request.headers;
      const answer = api.handle({ method: request.method ?? 'GET', path, authorization, body: parsed(text) });
      for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
      sendJson(response, answer.status, answer.body);
    });
  });
  const taken = await listen(server, port);
  return {
    origin: `http://127.0.0.1:${taken}`,
    store,
    api,
    events,
    takeEvents: () => events.splice(0),
    stop: () => closeServer(server),
  };
}
