import { serveApi, type ApiAnswer, type ApiRequest } from './api-server.ts';

// What the simulators of CRMs that are read have in common, whatever their vendors' endpoints look like.

export interface Door {
  readonly token: string;
  readonly now: () => number;
  /** So many requests in so many milliseconds; 429 beyond. */
  readonly limit: { readonly requests: number; readonly windowMs: number };
  /** The vendor's words for it. */
  readonly bodies: { readonly outage: unknown; readonly tooMany: unknown; readonly unauthorized: unknown };
}

/** An API behind a limit and a token. */
export abstract class SimulatedApi {
  readonly #door: Door;
  readonly #recent: number[] = [];
  /** What every request meets while it lasts. */
  outage: number | null = null;
  readonly requests: { readonly method: string; readonly path: string; readonly status: number }[] = [];

  constructor(door: Door) {
    this.#door = door;
  }

  handle(request: ApiRequest): ApiAnswer {
    const answer = this.#refusal(request) ?? this.answer(request);
    this.requests.push({ method: request.method, path: request.path, status: answer.status });
    return answer;
  }

  /** A request that came through. */
  protected abstract answer(request: ApiRequest): ApiAnswer;

  #refusal({ authorization }: ApiRequest): ApiAnswer | null {
    const { token, bodies } = this.#door;
    if (this.outage !== null) return { status: this.outage, body: bodies.outage };
    if (this.#isTooMany()) return { status: 429, body: bodies.tooMany, headers: { 'retry-after': '2' } };
    return authorization === `Bearer ${token}` ? null : { status: 401, body: bodies.unauthorized };
  }

  #isTooMany(): boolean {
    const { now, limit } = this.#door;
    while ((this.#recent[0] ?? Infinity) <= now() - limit.windowMs) this.#recent.shift();
    if (this.#recent.length >= limit.requests) return true;
    this.#recent.push(now());
    return false;
  }
}

export interface SimulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly token: string;
  /** There is something to tell. */
  readonly onEvent?: () => void;
  readonly now?: () => number;
}

export interface Simulator<Event, Store, Api> {
  /** `http://127.0.0.1:<port>`, the value for CRM_API_URL. */
  readonly origin: string;
  readonly store: Store;
  readonly api: Api;
  /** Events that nobody has taken yet, in the order in which they happened. */
  readonly events: Event[];
  /** Takes them. */
  readonly takeEvents: () => readonly Event[];
  readonly stop: () => Promise<void>;
}

/** A CRM on this machine: the API by HTTP, the records as an object. */
export async function startSimulator<Event, Store, Api extends SimulatedApi>(
  { port = 0, now = Date.now, onEvent }: SimulatorOptions,
  makeStore: (now: () => number, tell: (event: Event) => void) => Store,
  makeApi: (store: Store, now: () => number) => Api,
  records: (store: Store) => unknown,
): Promise<Simulator<Event, Store, Api>> {
  const events: Event[] = [];
  const store = makeStore(now, (event) => {
    events.push(event);
    onEvent?.();
  });
  const api = makeApi(store, now);
  const server = await serveApi(
    port,
    (request) => api.handle(request),
    () => records(store),
  );
  return { ...server, store, api, events, takeEvents: () => events.splice(0) };
}
