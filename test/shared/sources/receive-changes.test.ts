import { describe, expect, it } from 'vitest';
import type { Change } from '../../../shared/record/index.ts';
import { Failure } from '../../../shared/failure.ts';
import { createSource, type HttpAnswer, receiveChanges } from '../../../shared/sources/index.ts';
import { adapterSettingsOf } from './adapter.ts';
import { contactEvent, customerEvent } from '../record/events.ts';
import { type Headers, NOW, nowSeconds, SECRET, sign, signedRequest } from './signed.ts';
import type { Accepted } from '../../../shared/sources/answers.ts';
import { MAX_BODY_BYTES } from '../../../shared/sources/body.ts';
import type { ReceiveDeps } from '../../../shared/sources/receive-changes.ts';

const crm = await createSource(adapterSettingsOf({}));

/** Takes everything, as the store does: what is invalid has failed. */
const store = () => {
  const kept: Change[] = [];
  const accept = async (changes: readonly Change[]): Promise<readonly Accepted[]> => {
    kept.push(...changes);
    return changes.map(({ body }) => ({ status: body.op === 'invalid' ? 'failed' : 'queued' }));
  };
  return { kept, accept };
};

const send = async (
  request: ReturnType<typeof signedRequest>,
  deps: Partial<ReceiveDeps> = {},
): Promise<{ answer: HttpAnswer; json: unknown; kept: readonly Change[] }> => {
  const { kept, accept } = store();
  const source = async (route: string) => (route === 'crm' ? crm : undefined);
  const answer = await receiveChanges(request, {
    source,
    secrets: async () => [SECRET],
    accept,
    now: () => NOW,
    ...deps,
  });
  return { answer, json: JSON.parse(answer.body), kept };
};

const sendJson = (body: unknown, headers: Headers = {}) => send(signedRequest(JSON.stringify(body), headers));
const fails =
  (code: 'secrets.missing' | 'secrets.unreachable' | 'storage.unavailable', retryAfterMs?: number) => async () => {
    throw new Failure(code, retryAfterMs === undefined ? {} : { retryAfterMs });
  };

describe('a request with every event stored', () => {
  it('gets 202 with one line per event, in its order', async () => {
    const { answer, json, kept } = await sendJson([customerEvent(), contactEvent()]);
    expect(answer).toMatchObject({ status: 202, headers: { 'content-type': 'application/json' } });
    expect(json).toEqual({
      accepted: [
        { id: 'evt_01', status: 'queued' },
        { id: 'evt_02', status: 'queued' },
      ],
    });
    expect(kept).toHaveLength(2);
  });

  it('may be a single event', async () => {
    expect((await sendJson(customerEvent())).json).toEqual({ accepted: [{ id: 'evt_01', status: 'queued' }] });
  });

  it('stores the newest of each record and lists the others as superseded or repeated', async () => {
    const version = (id: string, number: number) => customerEvent({}, { id, version: number });
    const { json, kept } = await sendJson([
      version('a', 1),
      version('b', 3),
      contactEvent(),
      version('c', 2),
      version('b', 3),
    ]);
    expect(kept.map(({ key }) => key.eventId)).toEqual(['b', 'evt_02']);
    expect(json).toEqual({
      accepted: [
        { id: 'a', status: 'superseded' },
        { id: 'b', status: 'queued' },
        { id: 'evt_02', status: 'queued' },
        { id: 'c', status: 'superseded' },
        { id: 'b', status: 'repeated' },
      ],
    });
  });

  it('names the field of a failed record, and the rest goes on', async () => {
    const { answer, json } = await sendJson([customerEvent({ companyName: '' }), contactEvent()]);
    expect(answer.status).toBe(202);
    expect(json).toEqual({
      accepted: [
        { id: 'evt_01', status: 'failed', code: 'value.missing', pointer: '/0/data/companyName' },
        { id: 'evt_02', status: 'queued' },
      ],
    });
  });

  it('names a dropped identity number, and a value taken as text', async () => {
    const { json } = await sendJson([
      customerEvent({ organizationNumber: '010190 12345' }),
      contactEvent({ phoneNumber: 'ring' }),
    ]);
    expect(json).toEqual({
      accepted: [
        { id: 'evt_01', status: 'queued', code: 'value.national-id-dropped', pointer: '/0/data/organizationNumber' },
        { id: 'evt_02', status: 'queued', code: 'value.taken-as-text', pointer: '/1/data/phoneNumber' },
      ],
    });
  });

  it('hears what the store says', async () => {
    const accept = async () => [{ status: 'suppressed' }, { status: 'failed', code: 'deletes.held' }] as const;
    const body = JSON.stringify([customerEvent(), contactEvent()]);
    expect((await send(signedRequest(body), { accept })).json).toEqual({
      accepted: [
        { id: 'evt_01', status: 'suppressed' },
        { id: 'evt_02', status: 'failed', code: 'deletes.held' },
      ],
    });
  });
});

describe('401, with one same body for all', () => {
  const body = JSON.stringify(customerEvent());
  const old = nowSeconds(-301);
  const ahead = nowSeconds(301);
  const cases: [string, ReturnType<typeof signedRequest>, Partial<ReceiveDeps>?][] = [
    ['no signature', signedRequest(body, { 'webhook-signature': undefined })],
    ['a wrong signature', signedRequest(body, { 'webhook-signature': sign('{}', 'msg_1', nowSeconds()) })],
    ['an old signature', signedRequest(body, { 'webhook-timestamp': old })],
    ['a future signature', signedRequest(body, { 'webhook-timestamp': ahead })],
    ['an unknown secret', signedRequest(body), { secrets: async () => ['whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'] }],
    ['no secret configured', signedRequest(body), { secrets: async () => [] }],
    ['a secret that is missing in the vault', signedRequest(body), { secrets: fails('secrets.missing') }],
    ['an empty secret', signedRequest(body), { secrets: async () => ['', 'whsec_'] }],
    ['a wrong content type too', signedRequest(body, { 'webhook-signature': 'v1,x', 'content-type': 'text/plain' })],
    ['no JSON and no signature', signedRequest('{', { 'webhook-signature': undefined })],
  ];

  it.each(cases)('for %s', async (_, request, deps) => {
    const { answer, kept } = await send(request, deps);
    const same = await send(signedRequest(body, { 'webhook-signature': undefined }));
    expect(answer.status).toBe(401);
    expect(answer).toEqual(same.answer);
    expect(kept).toEqual([]);
  });
});

describe('503 with Retry-After', () => {
  const body = JSON.stringify(customerEvent());

  it('when the secrets cannot be read just now', async () => {
    const { answer, json } = await send(signedRequest(body), { secrets: fails('secrets.unreachable') });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    expect(json).toMatchObject({ code: 'service.unavailable' });
  });

  it('whether it is well-formed or not, so that a stranger learns nothing', async () => {
    const deps = { secrets: fails('secrets.unreachable') };
    const wellFormed = await send(signedRequest(body), deps);
    for (const headers of [
      { 'webhook-signature': undefined },
      { 'webhook-id': 'a.b' },
      { 'webhook-timestamp': nowSeconds(-3_000) },
    ]) {
      expect((await send(signedRequest(body, headers), deps)).answer).toEqual(wellFormed.answer);
    }
  });

  it('when storage cannot be used, after as long as it asks for', async () => {
    const { answer } = await send(signedRequest(body), { accept: fails('storage.unavailable', 4_500) });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  });

  it('but never for a mistake of our own, which goes to whoever reports it', async () => {
    const accept = async () => {
      throw new TypeError('x is not a function');
    };
    await expect(send(signedRequest(body), { accept })).rejects.toThrow(TypeError);
    await expect(send(signedRequest(body), { accept: async () => [] })).rejects.toThrow('one status per change');
  });
});

describe('400 for the whole request, nothing of it stored', () => {
  it.each(['', '{', 'null x', '\u0000', Buffer.from([0x22, 0xff, 0x22])])(
    'for a body that is not JSON',
    async (body) => {
      const { answer, json, kept } = await send(signedRequest(body));
      expect(answer.status).toBe(400);
      expect(json).toMatchObject({ code: 'request.not-json', status: 400 });
      expect(kept).toEqual([]);
    },
  );

  it.each([
    ['event.missing', '/1/id', contactEvent({}, { id: undefined })],
    ['event.malformed', '/1/type', contactEvent({}, { type: 'x' })],
    ['event.missing', '/1/occurredAt', contactEvent({}, { occurredAt: undefined })],
    ['event.missing', '/1/data/crmId', contactEvent({ crmId: undefined })],
    ['event.in-future', '/1/occurredAt', contactEvent({}, { occurredAt: '2026-11-21T08:05:01Z' })],
  ])('for %s at %s', async (code, pointer, bad) => {
    const { answer, json, kept } = await sendJson([customerEvent(), bad]);
    expect(answer).toMatchObject({ status: 400, headers: { 'content-type': 'application/problem+json' } });
    expect(json).toMatchObject({ code, pointers: [pointer], status: 400, type: 'about:blank' });
    expect(kept).toEqual([]);
  });

  it('names at most 100 pointers', async () => {
    const { json } = await sendJson(Array.from({ length: 500 }, () => ({})));
    expect(json).toHaveProperty('pointers.length', 100);
  });
});

describe('413', () => {
  it('for a declared length over 1 MiB, without reading or asking for secrets', async () => {
    const untouched = () => {
      throw new Error('touched');
    };
    const header = (name: string) => (name === 'content-length' ? String(MAX_BODY_BYTES + 1) : null);
    const body = { [Symbol.asyncIterator]: untouched };
    const { answer } = await send({ source: 'crm', header, body }, { secrets: untouched });
    expect(answer.status).toBe(413);
  });

  it('for a body over 1 MiB, whoever sends it and whatever length it declares', async () => {
    const body = 'x'.repeat(MAX_BODY_BYTES + 1);
    const { json } = await send(signedRequest(body, { 'webhook-signature': undefined, 'content-length': '5' }));
    expect(json).toMatchObject({ status: 413, code: 'request.too-large' });
  });

  it('but not for exactly 1 MiB', async () => {
    const body = Buffer.alloc(MAX_BODY_BYTES, ' ');
    body.write(JSON.stringify(customerEvent()));
    expect((await send(signedRequest(body))).answer.status).toBe(202);
  });

  it('for more than 500 events', async () => {
    const { json, kept } = await sendJson(Array.from({ length: 501 }, () => customerEvent()));
    expect(json).toMatchObject({ status: 413, code: 'request.too-many-events' });
    expect(kept).toEqual([]);
  });
});

it('a sender that hangs up in the middle gets 400, if it gets anything', async () => {
  async function* broken() {
    yield Buffer.from('{');
    throw new Error('aborted');
  }
  const { answer, json, kept } = await send({ ...signedRequest('{}'), body: broken() });
  expect(answer.status).toBe(400);
  expect(json).toMatchObject({ code: 'request.incomplete' });
  expect(kept).toEqual([]);
});

describe('the content type', () => {
  it.each([
    undefined,
    '',
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/json; charset=iso-8859-1',
    'application/xml',
    'application/json; charset=utf-16',
    'application/json; charset=utf',
  ])('%s gets 415', async (type) => {
    const { answer, json } = await sendJson(customerEvent(), { 'content-type': type });
    expect(answer.status).toBe(415);
    expect(json).toMatchObject({ code: 'request.content-type' });
  });

  it.each([
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
    'application/cloudevents+json',
    'application/json; charset=utf8',
    'application/json; charset="US-ASCII"',
  ])('%s is JSON', async (type) => {
    expect((await sendJson(customerEvent(), { 'content-type': type })).answer.status).toBe(202);
  });
});

it('an unknown source gets 404', async () => {
  const { answer } = await send(signedRequest('{}', {}, 'hubspot'));
  expect(answer.status).toBe(404);
});

describe('a planted personal value', () => {
  const canary = 'canary-7f3a';
  const planted = { companyName: [canary], name: canary.repeat(20), emailAddress: canary, phoneNumber: canary };

  it.each([
    ['a failed customer', JSON.stringify(customerEvent(planted))],
    ['a failed contact', JSON.stringify(contactEvent(planted))],
    ['a warning', JSON.stringify(contactEvent({ ...planted, name: canary }))],
    [
      'a bad envelope',
      JSON.stringify(customerEvent({ crmId: `${canary} ${canary}` }, { type: canary, id: 5, occurredAt: canary })),
    ],
    ['a body that is not JSON', `{"name": ${canary}`],
    ['an unknown field', JSON.stringify({ ...customerEvent({ [canary]: canary }), [canary]: canary })],
  ])('never comes back: %s', async (_, body) => {
    expect((await send(signedRequest(body))).answer.body).not.toContain(canary);
    expect((await send(signedRequest(body, { 'webhook-signature': canary }))).answer.body).not.toContain(canary);
  });

  it('never comes back from an error of the store', async () => {
    const request = signedRequest(JSON.stringify(contactEvent()));
    const { answer } = await send(request, { accept: fails('storage.unavailable') });
    expect(answer.body).not.toContain('Kari');
  });
});
