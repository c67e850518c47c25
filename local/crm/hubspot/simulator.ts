import { serveApi } from '../api-server.ts';
import { HubspotApi } from './api.ts';
import { HubspotStore, type HubspotEvent } from './store.ts';

export interface HubspotSimulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly token: string;
  /** There is something to tell. */
  readonly onEvent?: () => void;
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
  readonly takeEvents: () => readonly HubspotEvent[];
  readonly stop: () => Promise<void>;
}

/** A HubSpot account on this machine: the API by HTTP, the records as an object. */
export async function startHubspotSimulator(options: HubspotSimulatorOptions): Promise<HubspotSimulator> {
  const { port = 0, now = Date.now, onEvent, ...rest } = options;
  const events: HubspotEvent[] = [];
  const store = new HubspotStore(now, (event) => {
    events.push(event);
    onEvent?.();
  });
  const api = new HubspotApi({ ...rest, store, now });
  const server = await serveApi(
    port,
    (request) => api.handle(request),
    () => ({ companies: [...store.objects.companies.values()], contacts: [...store.objects.contacts.values()] }),
  );
  return { ...server, store, api, events, takeEvents: () => events.splice(0) };
}
