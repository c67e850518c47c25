import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../shared/erp/index.ts';
import { Personal } from '../../../../shared/privacy/index.ts';
import { SettingsError } from '../../../../shared/settings.ts';
import { createSource } from '../../../../shared/sources/index.ts';
import type { CrmId } from '../../../../shared/record/index.ts';
import { createLocalGate } from '../../../kit/local-gate.ts';
import { adapterSettingsOf } from '../adapter.ts';

const NOW = new Date('2026-11-21T08:00:00.000Z');
const ready = (name: string, more: Readonly<Record<string, string>> = {}) =>
  createSource(adapterSettingsOf({ CRM_ADAPTER: 'mapped', CRM_MAPPING: name, ...more }));
const inline = (mapping: object, more: Readonly<Record<string, string>> = {}) => ready(JSON.stringify(mapping), more);
const requestOf = (headers: Readonly<Record<string, string>>, body: string | Uint8Array = '') => ({
  header: (name: string) => headers[name] ?? null,
  body: Buffer.from(body),
});

const MINIMAL = {
  name: 'one',
  proof: { type: 'header', header: 'x-secret' },
  event: { type: "'customer.updated'", crmId: 'id' },
  customer: { companyName: 'name', city: 'city' },
};

describe('the ready mappings', () => {
  const folder = path.join(import.meta.dirname, 'golden');
  it.each(readdirSync(folder))('%s', async (file) => {
    const golden = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as {
      mapping?: string;
      headers: Readonly<Record<string, string>>;
      request: unknown;
      becomes: unknown[];
    };
    const source = await ready(golden.mapping ?? file.replace('.json', ''));
    const parsed = await source.parse(golden.request, requestOf(golden.headers), NOW);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed));
    const shown = parsed.changes.map(({ ref, key, body }) => ({
      record: `${ref.kind} ${ref.crmId}`,
      occurredAt: key.occurredAt,
      op: body.op,
      ...(body.op === 'merge' && { into: body.into }),
      ...(body.op === 'upsert' && { values: revealed(body.values) }),
    }));
    expect(shown).toEqual(golden.becomes);
  });
});

const revealed = (values: object): object =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Personal
        ? value.reveal()
        : typeof value === 'object' && value !== null && 'text' in value
          ? value.text
          : value,
    ]),
  );

describe('the proof', () => {
  it('takes the published vector of Standard Webhooks, written as a mapping', async () => {
    const source = await inline({
      ...MINIMAL,
      proof: {
        type: 'hmac',
        header: 'webhook-signature',
        prefix: 'v1,',
        encoding: 'base64',
        secret: 'base64',
        signed: [
          { header: 'webhook-id' },
          { text: '.' },
          { header: 'webhook-timestamp' },
          { text: '.' },
          { body: true },
        ],
        timestamp: { header: 'webhook-timestamp' },
      },
    });
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const at = (seconds: number) => new Date((1_614_265_330 + seconds) * 1000);
    const secret = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const verify = (more: Readonly<Record<string, string>>, seconds = 0, body = '{"test": 2432232314}', key = secret) =>
      source.verify(requestOf({ ...headers, ...more }, body), [key], at(seconds));
    expect(verify({})).toBe(true);
    expect(verify({}, 300)).toBe(true);
    expect(verify({}, 301)).toBe(false);
    expect(verify({}, -301)).toBe(false);
    expect(verify({ 'webhook-id': 'msg_other' })).toBe(false);
    expect(verify({ 'webhook-timestamp': '' })).toBe(false);
    expect(verify({ 'webhook-signature': headers['webhook-signature'].slice(3) })).toBe(false);
    expect(verify({}, 0, '{"test": 2432232315}')).toBe(false);
    expect(verify({}, 0, '{"test": 2432232314}', 'AAAA')).toBe(false);
  });

  it('of Lime CRM is the second version over id, time stamp and the body’s hash', async () => {
    const source = await ready('lime');
    const body = '{"event":"company.update"}';
    const timestamp = String(NOW.getTime() / 1000 - 3_600);
    const hash = createHash('sha256').update(body).digest('hex');
    const sign = (text: string) => createHmac('sha256', 'hemmelig').update(text).digest('hex');
    const signature = `v2=${sign(`v2:d-1:${timestamp}:${hash}`)}`;
    const headers = {
      'x-lime-delivery-id': 'd-1',
      'x-lime-delivery-timestamp': timestamp,
      'x-lime-signature': signature,
    };
    const verify = (more: Readonly<Record<string, string>>) =>
      source.verify(requestOf({ ...headers, ...more }, body), ['hemmelig'], NOW);
    // Retries keep the time stamp of the first attempt: an hour is no reason to refuse.
    expect(verify({})).toBe(true);
    expect(verify({ 'x-lime-signature': signature.toUpperCase().replace('V2=', 'v2=') })).toBe(true);
    expect(verify({ 'x-lime-signature': `sha256=${sign(body)}` })).toBe(false);
    expect(verify({ 'x-lime-delivery-id': 'd-2' })).toBe(false);
  });

  it('may be Basic, or a secret in a header', async () => {
    const basic = await ready('pipedrive');
    const authorization = `Basic ${Buffer.from('pipe:drive').toString('base64')}`;
    expect(basic.verify(requestOf({ authorization }), ['pipe:drive'], NOW)).toBe(true);
    expect(basic.verify(requestOf({ authorization }), ['pipe:other'], NOW)).toBe(false);
    expect(basic.verify(requestOf({}), ['pipe:drive'], NOW)).toBe(false);
    expect(basic.verify(requestOf({ authorization: 'Basic ' }), [''], NOW)).toBe(false);
    expect(basic.secretProblem('nocolon')).toBe('must be user:password');
    const header = await ready('dataverse');
    expect(header.verify(requestOf({ 'x-sync-secret': 'hemmelig' }), ['ny', 'hemmelig'], NOW)).toBe(true);
    expect(header.verify(requestOf({ 'x-sync-secret': 'Hemmelig' }), ['hemmelig'], NOW)).toBe(false);
    expect(header.verify(requestOf({ 'x-sync-secret': 'hemmelig' }), [], NOW)).toBe(false);
  });
});

describe('a mapping that cannot be used', () => {
  const problemsOf = async (mapping: object | string, gate = ''): Promise<readonly string[]> => {
    try {
      await ready(
        typeof mapping === 'string' ? mapping : JSON.stringify(mapping),
        gate === '' ? {} : { CRM_SYNC_WHEN: gate },
      );
      return [];
    } catch (error) {
      if (error instanceof SettingsError) return error.problems.map(({ name, message }) => `${name}: ${message}`);
      throw error;
    }
  };

  it('is named whole, every problem with its place', async () => {
    const mapping = {
      ...MINIMAL,
      events: '(',
      event: { type: 'a.', crmId: '$match(id, /(a+)+$/)' },
      contact: { name: 'x', emailAddress: '[' },
    };
    const problems = await problemsOf(mapping, 'lifecycle =');
    expect(problems.map((problem) => problem.split(': ')[1])).toEqual([
      'contact.relatedCustomerCrmId',
      'events',
      'event.type',
      'event.crmId',
      'contact.emailAddress',
      'CRM_SYNC_WHEN',
    ]);
  });

  it.each([
    ['a name that there is none of', 'nope', 'there is no mappings/nope.json in the package'],
    ['a name that leads elsewhere', '../package', 'there is no mappings/<name>.json in the package'],
    ['what is not JSON', '{"name": ', 'not JSON'],
  ])('is %s', async (_, setting, message) => {
    expect(await problemsOf(setting)).toEqual([`CRM_MAPPING: ${message}`]);
  });

  it('has a field that no record has, or no proof', async () => {
    expect((await problemsOf({ ...MINIMAL, customer: { companyname: 'x' } })).join()).toContain('companyname');
    expect((await problemsOf({ ...MINIMAL, proof: undefined })).join()).toContain('proof');
  });
});

describe('fields that go back', () => {
  const problemsOf = async (fields: object, more: object = {}): Promise<readonly string[]> =>
    inline({ ...MINIMAL, ...more, fields }).then(
      () => [],
      (error: unknown) => (error instanceof SettingsError ? error.problems.map(({ message }) => message) : []),
    );
  const request = { method: 'PATCH', url: '/firms/{crmId}' };

  it('are written only where an edit of the CRM’s is not written over, and only fields that are compared', async () => {
    const body = { city: "{ 'town': value }" };
    expect(await problemsOf({ customer: { ...request, body } })).toEqual([
      'fields.customer: read or ifMatch is needed: else an edit in the CRM that is still on its way would be written over',
    ]);
    expect(await problemsOf({ customer: { ...request, body, ifMatch: 'version' } })).toEqual([
      'fields.customer.ifMatch: event.version is needed, or read',
    ]);
    const read = { url: '/firms/{crmId}' };
    expect(await problemsOf({ customer: { ...request, read, body: { ...body, address: '{}' } } })).toEqual([
      'fields.customer.body.address: customer.address is not mapped, so it is never compared',
    ]);
    const wrong = await problemsOf({ customer: { ...request, read: { ...read, event: '(' }, body: { city: '[' } } });
    expect(wrong.map((problem) => problem.split(': ')[0])).toEqual([
      'fields.customer.body.city',
      'fields.customer.read.event',
    ]);
    expect(await problemsOf({ customer: { ...request, read, body } })).toEqual([]);
    expect((await problemsOf({ customer: { ...request, read, body: { customerNumber: '{}' } } })).join()).toContain(
      'customerNumber',
    );
  });

  /** The ready mapping for Dataverse on one row; what was asked of it. */
  async function dataverse(row: Readonly<Record<string, unknown>>) {
    const asked: object[] = [];
    const source = await ready('dataverse', { CRM_API_URL: 'https://org.crm4.example' });
    const crm = source.connect({
      token: async () => 'token',
      forgetToken: () => undefined,
      secret: async () => '',
      gate: () => createLocalGate({ requestsPerMinute: 1000, inProgress: 5, clock: systemClock }),
      now: () => NOW.getTime(),
      async fetch(input, init) {
        const sent = new Request(input, init);
        if (sent.method === 'GET') return Response.json(row);
        asked.push({ ifMatch: sent.headers.get('if-match'), body: JSON.parse(await sent.text()) as unknown });
        return new Response(null, { status: 204 });
      },
    });
    return { asked, crm };
  }

  it('reach a row of Dataverse with its ETag, as columns of its own', async () => {
    const { asked, crm } = await dataverse({
      '@odata.etag': 'W/"468026"',
      name: 'Port-Service Øst AS',
      address1_line1: 'Rødbølveien 22',
      address1_city: 'Larvik',
    });
    const seen: unknown[] = [];
    const answer = await crm?.writeFields?.({
      ref: { kind: 'customer', crmId: 'a1' as CrmId },
      fields: { address: new Personal('Storgata 5\nBakgården'), city: new Personal('Tønsberg') },
      version: null,
      idempotencyKey: 'k',
      async holds(data) {
        seen.push(data);
        return 'as-known';
      },
    });
    expect(answer).toBe('written');
    expect(seen).toMatchObject([{ companyName: 'Port-Service Øst AS', address: 'Rødbølveien 22', city: 'Larvik' }]);
    expect(asked).toEqual([
      {
        ifMatch: 'W/"468026"',
        body: { address1_line1: 'Storgata 5', address1_line2: 'Bakgården', address1_city: 'Tønsberg' },
      },
    ]);
  });
});

describe('an expression', () => {
  const parse = async (mapping: object, json: unknown) => (await inline(mapping)).parse(json, requestOf({}), NOW);
  const withName = (companyName: string) => ({ ...MINIMAL, customer: { companyName } });

  it.each([
    ['that never ends', '($f := function($n) { $f($n + 1) }; $f(0))'],
    ['that goes too deep', '($f := function($n) { 1 + $f($n + 1) }; $f(0))'],
    ['that makes too much', '$map([1..1000000], function($x) { $x })'],
    ['of the payload', '$eval(name)'],
    ['that does not fit the payload', '$uppercase(name)'],
  ])('%s is refused, and says nothing of the payload', async (_, companyName) => {
    const parsed = await parse(withName(companyName), { id: 1, name: { secret: 'Kari Nordmann' } });
    expect(parsed).toEqual({
      ok: false,
      tooMany: false,
      problems: [{ code: 'event.malformed', pointer: '/0/data/companyName' }],
    });
  });

  it('has its time for itself, however many requests come at once', async () => {
    const words = { ...MINIMAL, customer: { companyName: "$join($map([1..200], function($n) { $string($n) }), ' ')" } };
    const source = await inline(words);
    const many = Array.from({ length: 300 }, async (_, id) => source.parse({ id }, requestOf({}), NOW));
    expect((await Promise.all(many)).filter(({ ok }) => !ok)).toEqual([]);
  });

  it('finds no text that is longer than a field may be', async () => {
    const parsed = await parse(withName('$match(name, /a/).match'), { id: 1, name: 'a'.repeat(5_000) });
    expect(parsed.ok).toBe(false);
  });

  it.each([
    [1_790_000_000, '2026-09-21T14:13:20.000Z'],
    [1_790_000_000_000, '2026-09-21T14:13:20.000Z'],
    ['/Date(1790000000000+0100)/', '2026-09-21T14:13:20.000Z'],
    ['2026-09-21 14:13:20', '2026-09-21T14:13:20.000Z'],
    ['2026-09-21T16:13:20+0200', '2026-09-21T14:13:20.000Z'],
    [undefined, NOW.toISOString()],
  ])('reads the time %s', async (at, expected) => {
    const parsed = await parse({ ...MINIMAL, event: { ...MINIMAL.event, occurredAt: 'at' } }, { id: 1, name: 'x', at });
    expect(parsed.ok && parsed.changes[0]?.key.occurredAt).toBe(expected);
  });

  it('finds several events in a request, and tells them apart without an id', async () => {
    const parsed = await parse(
      { ...MINIMAL, events: 'items' },
      {
        items: [
          { id: 1, name: 'a' },
          { id: 1, name: 'b' },
        ],
      },
    );
    const ids = parsed.ok ? parsed.changes.map(({ key }) => key.eventId) : [];
    expect(new Set(ids).size).toBe(2);
  });

  it('that finds nothing leaves the field alone, or clears it, as the mapping says', async () => {
    const cityOf = async (missingFields: string) => {
      const parsed = await parse({ ...MINIMAL, missingFields }, { id: 1, name: 'x' });
      const body = parsed.ok ? parsed.changes[0]?.body : undefined;
      return body?.op === 'upsert' && body.kind === 'customer' ? body.values.city?.reveal() : 'no change';
    };
    expect(await cityOf('leave')).toBeUndefined();
    expect(await cityOf('clear')).toBe('');
  });

  it('of the gate keeps records out', async () => {
    const source = await inline(MINIMAL, { CRM_SYNC_WHEN: "status = 'customer'" });
    const parsed = await source.parse(
      [
        { id: 1, name: 'a', status: 'lead' },
        { id: 2, name: 'b', status: 'customer' },
      ],
      requestOf({}),
      NOW,
    );
    expect(parsed.ok && parsed.keptOut?.map(({ ref }) => ref.crmId)).toEqual(['1']);
  });
});
