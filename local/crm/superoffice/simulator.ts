import { serveApi } from '../api-server.ts';
import { SuperofficeApi } from './api.ts';
import { SuperofficeStore, type SuperofficeEvent } from './store.ts';

export interface SuperofficeSimulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly token: string;
  /** There is something to tell. */
  readonly onEvent?: () => void;
  readonly now?: () => number;
  readonly requestsPerMinute?: number;
  readonly associate?: number;
}

export interface SuperofficeSimulator {
  readonly origin: string;
  readonly store: SuperofficeStore;
  readonly api: SuperofficeApi;
  /** Events that nobody has taken yet. */
  readonly events: SuperofficeEvent[];
  readonly takeEvents: () => readonly SuperofficeEvent[];
  readonly stop: () => Promise<void>;
}

/** A SuperOffice tenant on this machine. */
export async function startSuperofficeSimulator(options: SuperofficeSimulatorOptions): Promise<SuperofficeSimulator> {
  const { port = 0, now = Date.now, onEvent, ...rest } = options;
  const events: SuperofficeEvent[] = [];
  const store = new SuperofficeStore(now, (event) => {
    events.push(event);
    onEvent?.();
  });
  const api = new SuperofficeApi({ ...rest, store, now });
  const server = await serveApi(
    port,
    (request) => api.handle(request),
    () => ({ companies: [...store.entities.contact.values()], persons: [...store.entities.person.values()] }),
  );
  return { ...server, store, api, events, takeEvents: () => events.splice(0) };
}
