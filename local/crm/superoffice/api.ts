import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ApiAnswer, ApiRequest } from '../api-server.ts';
import { SimulatedApi } from '../simulated-api.ts';
import { patchEntity } from './json-patch.ts';
import type { SuperofficeEntity, SuperofficeStore, SuperofficeType } from './store.ts';

// The REST endpoints of SuperOffice that this program uses.

export interface Webhook {
  readonly WebhookId: number;
  readonly Name: string;
  readonly TargetUrl: string;
  readonly Secret: string;
  readonly State: 'Active' | 'Stopped' | 'TooManyErrors';
}

export interface SuperofficeApiOptions {
  readonly store: SuperofficeStore;
  readonly token: string;
  readonly now: () => number;
  /** Requests a minute; 429 beyond. SuperOffice publishes no number. */
  readonly requestsPerMinute?: number;
  /** The associate as whom this program writes. */
  readonly associate?: number;
}

const TYPES: Readonly<Record<string, SuperofficeType>> = { Contact: 'contact', Person: 'person' };
const registration = z.object({
  Name: z.string(),
  TargetUrl: z.string(),
  Secret: z.string(),
  State: z.literal('Active'),
});

export class SuperofficeApi extends SimulatedApi {
  readonly #options: SuperofficeApiOptions;
  webhooks: readonly Webhook[] = [];

  constructor(options: SuperofficeApiOptions) {
    const { token, now, requestsPerMinute = 100_000 } = options;
    super({
      token,
      now,
      limit: { requests: requestsPerMinute, windowMs: 60_000 },
      bodies: { outage: { Message: 'outage' }, tooMany: { Message: 'too many' }, unauthorized: {} },
    });
    this.#options = options;
  }

  protected override answer(request: ApiRequest): ApiAnswer {
    const url = new URL(request.path, 'http://x');
    const [, resource = '', id] = /^\/api\/v1\/(\w+)(?:\/(\d+))?$/.exec(url.pathname) ?? [];
    if (resource === 'Webhook') return this.#webhook(request, id);
    const type = TYPES[resource];
    if (type === undefined) return { status: 404, body: {} };
    if (id === undefined) return this.#list(type, url.searchParams);
    const found = this.#options.store.get(type, Number(id));
    // A person that was deleted is not found; a company shows as deleted.
    if (found === null || (found.isDeleted && type === 'person')) return { status: 404, body: {} };
    if (request.method !== 'PATCH') return { status: 200, body: this.#shown(type, found) };
    if (Array.isArray(request.body)) return this.#jsonPatch(type, found, request.body);
    const fields = z.record(z.string(), z.unknown()).safeParse(request.body);
    if (!fields.success) return { status: 400, body: {} };
    this.#options.store.update(type, found.id, fields.data, this.#options.associate ?? 7);
    return { status: 200, body: {} };
  }

  #jsonPatch(type: SuperofficeType, { id, fields }: SuperofficeEntity, body: unknown): ApiAnswer {
    const patched = patchEntity(fields, body);
    if (typeof patched === 'number') return { status: patched, body: {} };
    const news = Object.entries(patched).filter(([name, value]) => !isDeepStrictEqual(value, fields[name]));
    this.#options.store.update(type, id, Object.fromEntries(news), this.#options.associate ?? 7);
    return { status: 200, body: {} };
  }

  #list(type: SuperofficeType, query: URLSearchParams): ApiAnswer {
    const [, since = ''] = /^updatedDate afterTime '([^']+)'$/.exec(query.get('$filter') ?? '') ?? [];
    const [top, skip] = [Number(query.get('$top')), Number(query.get('$skip'))];
    const found = [...this.#options.store.entities[type].values()]
      .filter(({ updatedAt, isDeleted }) => !isDeleted && updatedAt > Date.parse(`${since}Z`))
      .sort((a, b) => a.updatedAt - b.updatedAt)
      .slice(skip, skip + top)
      .map(({ id, updatedAt }) => ({
        PrimaryKey: String(id),
        [`${type}Id`]: id,
        updatedDate: new Date(updatedAt).toISOString(),
      }));
    return { status: 200, body: { value: found } };
  }

  #webhook(request: ApiRequest, id: string | undefined): ApiAnswer {
    if (request.method === 'GET') return { status: 200, body: this.webhooks };
    if (request.method === 'PATCH') {
      const isThis = ({ WebhookId }: Webhook): boolean => String(WebhookId) === id;
      this.webhooks = this.webhooks.map((each) => (isThis(each) ? { ...each, State: 'Active' } : each));
      return { status: this.webhooks.some(isThis) ? 200 : 404, body: {} };
    }
    const made = registration.safeParse(request.body);
    if (!made.success) return { status: 400, body: {} };
    this.webhooks = [...this.webhooks, { WebhookId: this.webhooks.length + 1, ...made.data }];
    return { status: 200, body: {} };
  }

  #shown(type: SuperofficeType, { id, fields, updatedAt, isDeleted }: SuperofficeEntity): object {
    const times = { UpdatedDate: new Date(updatedAt).toISOString(), CreatedDate: new Date(updatedAt).toISOString() };
    if (type === 'person') return { PersonId: id, ...fields, ...times };
    const persons = this.#options.store.personsOf(id).map((PersonId) => ({ PersonId }));
    return { ContactId: id, ...fields, ...times, Deleted: isDeleted ? 1 : 0, Persons: persons };
  }
}
