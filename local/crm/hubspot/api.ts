import { z } from 'zod';
import type { ApiAnswer, ApiRequest } from '../api-server.ts';
import { SimulatedApi } from '../simulated-api.ts';
import type { HubspotObject, HubspotStore, HubspotType } from './store.ts';

// The endpoints of HubSpot's API that this program uses, as documented in 2026-03.

export interface HubspotApiOptions {
  readonly store: HubspotStore;
  readonly token: string;
  readonly now: () => number;
  /** Requests in ten seconds; HubSpot answers 429 beyond. */
  readonly requestsPer10s?: number;
}

const MODIFIED: Readonly<Record<HubspotType, string>> = {
  companies: 'hs_lastmodifieddate',
  contacts: 'lastmodifieddate',
};
/** Properties that HubSpot has without anybody making them. */
const BUILT_IN = /^(?:name|address2?|zip|city|lifecyclestage|orgnr|firstname|lastname|email|phone|mobilephone)$/;

const ids = z.object({ inputs: z.array(z.object({ id: z.string() })), properties: z.array(z.string()).default([]) });
const search = z.object({
  filterGroups: z.array(
    z.object({
      filters: z.array(z.object({ propertyName: z.string(), operator: z.literal('GTE'), value: z.string() })),
    }),
  ),
  properties: z.array(z.string()),
  limit: z.number(),
  after: z.string().optional(),
});
const patch = z.object({ properties: z.record(z.string(), z.string()) });
const ROUTE =
  /^\/crm\/(?<area>objects|associations|properties)\/2026-03\/(?<type>companies|contacts)(?:\/(?<rest>[^?]+))?/u;

export class HubspotApi extends SimulatedApi {
  readonly #options: HubspotApiOptions;

  constructor(options: HubspotApiOptions) {
    const { token, now, requestsPer10s = 190 } = options;
    super({
      token,
      now,
      limit: { requests: requestsPer10s, windowMs: 10_000 },
      bodies: {
        outage: { message: 'outage' },
        tooMany: { status: 'error', policyName: 'TEN_SECONDLY_ROLLING', message: 'You have reached your limit.' },
        unauthorized: { category: 'INVALID_AUTHENTICATION' },
      },
    });
    this.#options = options;
  }

  protected override answer(request: ApiRequest): ApiAnswer {
    const { area, type, rest = '' } = ROUTE.exec(request.path)?.groups ?? {};
    if (type !== 'companies' && type !== 'contacts') return { status: 404, body: { message: 'no such endpoint' } };
    if (area === 'properties') return this.#properties(request, type, rest);
    if (area === 'associations') return this.#associations(request, type);
    return this.#objects(request, type, rest);
  }

  #objects(request: ApiRequest, type: HubspotType, rest: string): ApiAnswer {
    if (rest === 'batch/read') return this.#batchRead(request, type);
    if (rest === 'search') return this.#search(request, type);
    const found = this.#options.store.get(type, rest);
    if (found === null) return { status: 404, body: { category: 'OBJECT_NOT_FOUND' } };
    if (request.method === 'PATCH') return this.#patch(request, type, found);
    const wanted = new URLSearchParams(request.path.split('?')[1]).get('properties')?.split(',') ?? [];
    return { status: 200, body: shown(type, found, wanted) };
  }

  #batchRead(request: ApiRequest, type: HubspotType): ApiAnswer {
    const asked = ids.safeParse(request.body);
    if (!asked.success || asked.data.inputs.length > 100)
      return { status: 400, body: { category: 'VALIDATION_ERROR' } };
    const { inputs, properties } = asked.data;
    // A merged id is not answered here: only alone it leads to what it became.
    const results = inputs.flatMap(({ id }) => {
      const found = this.#options.store.get(type, id);
      return found?.id === id ? [shown(type, found, properties)] : [];
    });
    const status = results.length === inputs.length ? 200 : 207;
    return { status, body: { status: 'COMPLETE', results, ...(status === 207 && { numErrors: 1, errors: [{}] }) } };
  }

  #search(request: ApiRequest, type: HubspotType): ApiAnswer {
    const asked = search.safeParse(request.body);
    if (!asked.success) return { status: 400, body: { category: 'VALIDATION_ERROR' } };
    const { filterGroups, limit, after = '0', properties } = asked.data;
    const since = Number(filterGroups[0]?.filters[0]?.value ?? 0);
    const found = [...this.#options.store.objects[type].values()]
      .filter(({ modifiedAt, isArchived, mergedInto }) => modifiedAt >= since && !isArchived && mergedInto === null)
      .sort((a, b) => a.modifiedAt - b.modifiedAt);
    const page = found.slice(Number(after), Number(after) + limit);
    const next = Number(after) + page.length;
    const paging = next < found.length ? { paging: { next: { after: String(next) } } } : {};
    return {
      status: 200,
      body: { total: found.length, results: page.map((each) => shown(type, each, properties)), ...paging },
    };
  }

  #patch(request: ApiRequest, type: HubspotType, found: HubspotObject): ApiAnswer {
    const asked = patch.safeParse(request.body);
    if (!asked.success) return { status: 400, body: { category: 'VALIDATION_ERROR' } };
    const { store } = this.#options;
    const unknown = Object.keys(asked.data.properties).find(
      (name) => !BUILT_IN.test(name) && !store.properties[type].has(name),
    );
    if (unknown !== undefined)
      return { status: 400, body: { category: 'VALIDATION_ERROR', errors: [{ code: 'PROPERTY_DOESNT_EXIST' }] } };
    store.update(type, found.id, asked.data.properties, 'INTEGRATION');
    return { status: 200, body: shown(type, found, []) };
  }

  #associations(request: ApiRequest, from: HubspotType): ApiAnswer {
    const asked = ids.safeParse(request.body);
    if (!asked.success) return { status: 400, body: { category: 'VALIDATION_ERROR' } };
    const { companyOf } = this.#options.store;
    const toOf = (id: string): readonly string[] =>
      from === 'contacts'
        ? [companyOf.get(id)].filter((company) => company !== undefined)
        : [...companyOf].filter(([, company]) => company === id).map(([contact]) => contact);
    const types = [{ category: 'HUBSPOT_DEFINED', typeId: from === 'contacts' ? 1 : 2, label: 'Primary' }];
    const results = asked.data.inputs
      .map(({ id }) => ({
        from: { id },
        to: toOf(id).map((to) => ({ toObjectId: Number(to), associationTypes: types })),
      }))
      .filter(({ to }) => to.length > 0);
    return { status: results.length === asked.data.inputs.length ? 200 : 207, body: { status: 'COMPLETE', results } };
  }

  #properties(request: ApiRequest, type: HubspotType, name: string): ApiAnswer {
    const made = this.#options.store.properties[type];
    if (request.method === 'GET') {
      return made.has(name) || BUILT_IN.test(name) ? { status: 200, body: { name } } : { status: 404, body: {} };
    }
    const asked = z.object({ name: z.string() }).safeParse(request.body);
    if (!asked.success) return { status: 400, body: { category: 'VALIDATION_ERROR' } };
    made.add(asked.data.name);
    return { status: 201, body: asked.data };
  }
}

function shown(type: HubspotType, { id, properties, modifiedAt }: HubspotObject, wanted: readonly string[]): object {
  const all: Readonly<Record<string, string>> = { ...properties, [MODIFIED[type]]: new Date(modifiedAt).toISOString() };
  return {
    id,
    properties: Object.fromEntries(wanted.map((name) => [name, all[name] ?? null])),
    createdAt: new Date(modifiedAt).toISOString(),
    updatedAt: new Date(modifiedAt).toISOString(),
    archived: false,
  };
}
