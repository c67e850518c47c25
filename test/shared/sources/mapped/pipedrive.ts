import * as z from 'zod';

/** The custom fields that the numbers go to; each account has keys of its own. */
export const NUMBER_FIELDS = { organization: 'f1'.repeat(20), person: 'f2'.repeat(20) } as const;

export type Entity = keyof typeof NUMBER_FIELDS;

interface Item {
  readonly id: number;
  readonly entity: Entity;
  name: string;
  org: number | null;
  number: number | null;
  isDeleted: boolean;
}

/** A request of webhooks v2. */
export interface PipedriveEvent {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly previous: Readonly<Record<string, unknown>> | null;
}

const WINDOW_MS = 2_000;
const patch = z.object({ custom_fields: z.record(z.string(), z.int()) });

/** As much of a Pipedrive account as a mapping meets: whole records in webhooks, and the address that takes numbers. */
export class Pipedrive {
  readonly #now: () => number;
  readonly #token: string;
  readonly #requestsPerWindow: number;
  readonly #items = new Map<string, Item>();
  #events: PipedriveEvent[] = [];
  #requests: number[] = [];
  #lastId = 0;
  #lastTime = 0;
  isAway = false;
  /** Requests refused as too many. */
  limited = 0;

  constructor(options: { readonly now: () => number; readonly token: string; readonly requestsPerWindow: number }) {
    this.#now = options.now;
    this.#token = options.token;
    this.#requestsPerWindow = options.requestsPerWindow;
  }

  get(entity: Entity, id: string): Item | null {
    const found = this.#items.get(`${entity} ${id}`);
    return found === undefined || found.isDeleted ? null : found;
  }

  takeEvents(): readonly PipedriveEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  create(entity: Entity, name: string, org: string | null = null): string {
    const id = (this.#lastId += 1);
    const item: Item = { id, entity, name, org: org === null ? null : Number(org), number: null, isDeleted: false };
    this.#items.set(`${entity} ${id}`, item);
    this.#tell('create', item);
    return String(id);
  }

  change(entity: Entity, id: string, to: Partial<Pick<Item, 'name' | 'org' | 'number'>>): void {
    const item = this.get(entity, id);
    if (item === null) throw new Error(`no ${entity} ${id}`);
    Object.assign(item, to);
    this.#tell('change', item);
  }

  remove(entity: Entity, id: string, mergedInto?: string): void {
    const item = this.get(entity, id);
    if (item === null) throw new Error(`no ${entity} ${id}`);
    item.isDeleted = true;
    this.#tell('delete', item, mergedInto);
  }

  restore(entity: Entity, id: string): void {
    const item = this.#items.get(`${entity} ${id}`);
    if (item?.isDeleted !== true) return;
    item.isDeleted = false;
    this.#tell('change', item);
  }

  /** The persons of the one that goes are moved, each with a webhook of its own. */
  merge(keep: string, gone: string): void {
    this.remove('organization', gone, keep);
    for (const { entity, id, org, isDeleted } of this.#items.values()) {
      if (entity === 'person' && org === Number(gone) && !isDeleted)
        this.change(entity, String(id), { org: Number(keep) });
    }
  }

  /** The API, as a `fetch`. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    if (this.isAway) return new Response(null, { status: 503 });
    if (request.headers.get('x-api-token') !== this.#token) return new Response(null, { status: 401 });
    const now = this.#now();
    this.#requests = this.#requests.filter((at) => at > now - WINDOW_MS);
    if (this.#requests.length >= this.#requestsPerWindow) {
      this.limited += 1;
      return new Response(null, { status: 429, headers: { 'retry-after': '2' } });
    }
    this.#requests.push(now);
    const [, path, id = ''] = /^\/api\/v2\/(organizations|persons)\/(\d+)$/.exec(new URL(request.url).pathname) ?? [];
    const entity = path === 'persons' ? 'person' : 'organization';
    if (request.method !== 'PATCH' || this.get(entity, id) === null) return Response.json({}, { status: 404 });
    const number = patch.parse(await request.json()).custom_fields[NUMBER_FIELDS[entity]];
    if (number === undefined) return Response.json({}, { status: 400 });
    this.change(entity, id, { number });
    return Response.json({ success: true });
  };

  #tell(action: 'create' | 'change' | 'delete', item: Item, mergedInto?: string): void {
    this.#lastTime = Math.max(this.#now(), this.#lastTime + 1);
    const timestamp = new Date(this.#lastTime).toISOString();
    const meta = {
      action,
      entity: item.entity,
      entity_id: String(item.id),
      company_id: '100',
      timestamp,
      version: '2.0',
    };
    const { id, name, org, number } = item;
    const whole = {
      id,
      name,
      ...(item.entity === 'person' && { org_id: org, emails: [], phones: [] }),
      custom_fields: { [NUMBER_FIELDS[item.entity]]: number },
    };
    const event = action === 'delete' ? { data: null, previous: whole } : { data: whole, previous: null };
    const merged = mergedInto === undefined ? {} : { previous: { ...whole, merged_to_id: Number(mergedInto) } };
    this.#events.push({ meta, ...event, ...merged });
  }
}
