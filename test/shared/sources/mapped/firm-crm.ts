import * as z from 'zod';

/** The mapping of a CRM that nobody has heard of: whole records in its webhooks, marks of their state in its answers. */
export const FIRM_MAPPING = {
  name: 'Firm CRM',
  acceptedStatus: 200,
  proof: { type: 'header', header: 'x-secret' },
  event: {
    type: "(table = 'firm' ? 'customer.' : 'contact.') & (gone ? 'deleted' : 'updated')",
    crmId: 'key',
    occurredAt: 'changed',
  },
  missingFields: 'clear',
  customer: {
    companyName: 'fields.title',
    organizationNumber: 'fields.vat',
    address: '[fields.street, fields.street2]',
    postalCode: 'fields.zip',
    city: 'fields.town',
  },
  contact: {
    name: "fields.first & ' ' & fields.last",
    relatedCustomerCrmId: 'fields.firm',
    phoneNumber: 'fields.mobile',
  },
  fields: {
    customer: {
      method: 'PATCH',
      url: '/firms/{crmId}',
      read: { url: '/firms/{crmId}', event: "$not(gone) ? { 'fields': values }" },
      ifMatch: 'record.mark',
      body: {
        address: "$count(lines) < 3 ? { 'values': { 'street': lines[0], 'street2': lines[1] ? lines[1] : '' } }",
        city: "{ 'values': { 'town': value } }",
      },
    },
    contact: {
      method: 'PATCH',
      url: '/people/{crmId}',
      read: { url: '/people/{crmId}', event: "{ 'fields': values }" },
      ifMatch: 'record.mark',
      body: {
        name: "($words := $split(value, ' '); $words[0] = record.values.first ? { 'values': { 'last': $substringAfter(value, ' ') } })",
        phoneNumber: "{ 'values': { 'mobile': value } }",
      },
    },
  },
};
type Table = 'firm' | 'person';

interface Item {
  readonly table: Table;
  readonly key: string;
  values: Readonly<Record<string, string>>;
  mark: number;
  gone: boolean;
}

const patch = z.object({ values: z.record(z.string(), z.string()) });

/** That CRM: records, the webhooks it has to send, and its API as a `fetch`. */
export class FirmCrm {
  readonly #items = new Map<string, Item>();
  readonly #now: () => number;
  #events: object[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  put(table: Table, key: string, values: Readonly<Record<string, string>>): void {
    const item = this.#items.get(key) ?? { table, key, values: {}, mark: 0, gone: false };
    this.#items.set(key, item);
    item.values = { ...item.values, ...values };
    item.mark += 1;
    this.#tell(item);
  }

  remove(key: string): void {
    const item = this.#items.get(key);
    if (item === undefined) throw new Error(`no ${key}`);
    item.gone = true;
    this.#tell(item);
  }

  values(key: string): Readonly<Record<string, string>> {
    return this.#items.get(key)?.values ?? {};
  }

  takeEvents(): readonly object[] {
    return this.#events.splice(0);
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const [, key = ''] = /\/(?:firms|people)\/(\w+)$/.exec(new URL(request.url).pathname) ?? [];
    const item = this.#items.get(key);
    if (request.headers.get('authorization') !== 'Bearer firm-token') return Response.json({}, { status: 401 });
    if (item === undefined) return Response.json({}, { status: 404 });
    const mark = `"m${item.mark}"`;
    if (request.method === 'GET') return Response.json({ key, values: item.values, mark, gone: item.gone });
    if (request.headers.get('if-match') !== mark) return Response.json({}, { status: 412 });
    this.put(item.table, key, patch.parse(await request.json()).values);
    return Response.json({});
  };

  #tell({ table, key, values, gone }: Item): void {
    const changed = new Date(this.#now()).toISOString();
    this.#events.push({ table, key, changed, gone, fields: values });
  }
}
