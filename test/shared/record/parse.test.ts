import { describe, expect, it } from 'vitest';
import { parseChanges } from '../../../shared/record/index.ts';
import { changeOf, changesOf, contactEvent, customerEvent, NOW, plain } from './events.ts';

const problemsOf = (body: unknown) => {
  const parsed = parseChanges(body, NOW);
  return parsed.ok || parsed.tooMany ? parsed : parsed.problems;
};

describe('a crmId', () => {
  it.each([
    ['__export__.res_partner_172_7a1a6fdb', '__export__.res_partner_172_7a1a6fdb'],
    ['{a16b3f4b-1f2e-4c3d-9b8a-001122334455}', 'a16b3f4b-1f2e-4c3d-9b8a-001122334455'],
    [' { A16B3F4B1F2E4C3D9B8A001122334455 } ', null],
    ['{A16B3F4B1F2E4C3D9B8A001122334455}', 'A16B3F4B1F2E4C3D9B8A001122334455'],
    ['BL4   ', 'BL4'],
    ['\u00a0\u200bBL4\n', 'BL4'],
  ])('%j is taken as %j', (crmId, expected) => {
    const parsed = parseChanges(customerEvent({ crmId }), NOW);
    expect(parsed.ok ? parsed.changes[0]?.ref.crmId : null).toBe(expected);
  });

  it('of a customer is read in the same way', () => {
    const relatedCustomerCrmId = '{a16b3f4b-1f2e-4c3d-9b8a-001122334455} ';
    expect(plain(changeOf(contactEvent({ relatedCustomerCrmId })))).toMatchObject({
      relatedCustomerCrmId: 'a16b3f4b-1f2e-4c3d-9b8a-001122334455',
    });
  });
});

describe('a request is refused whole', () => {
  it.each([
    ['not an object', 5, 'event.malformed', ''],
    ['null', null, 'event.missing', ''],
    ['an empty array', [], 'event.missing', ''],
    ['an array of something else', [customerEvent(), 'x'], 'event.malformed', '/1'],
    ['an array in an array', [[customerEvent()]], 'event.malformed', '/0'],
    ['no id', customerEvent({}, { id: undefined }), 'event.missing', '/id'],
    ['an empty id', customerEvent({}, { id: '' }), 'event.malformed', '/id'],
    ['an id that is a number', customerEvent({}, { id: 7 }), 'event.malformed', '/id'],
    ['an id with a control character', customerEvent({}, { id: 'a\u0000' }), 'event.malformed', '/id'],
    ['no type', customerEvent({}, { type: undefined }), 'event.missing', '/type'],
    ['an unknown type', customerEvent({}, { type: 'order.created' }), 'event.malformed', '/type'],
    ['no occurredAt', customerEvent({}, { occurredAt: undefined }), 'event.missing', '/occurredAt'],
    [
      'a time without offset',
      customerEvent({}, { occurredAt: '2026-11-21T08:00:00' }),
      'event.malformed',
      '/occurredAt',
    ],
    [
      'a day that does not exist',
      customerEvent({}, { occurredAt: '2026-02-30T08:00:00Z' }),
      'event.malformed',
      '/occurredAt',
    ],
    [
      'a time over 5 minutes ahead',
      customerEvent({}, { occurredAt: '2026-11-21T08:05:00.001Z' }),
      'event.in-future',
      '/occurredAt',
    ],
    ['a version that is no integer', customerEvent({}, { version: 1.5 }), 'event.malformed', '/version'],
    ['a version that is a text', customerEvent({}, { version: '3' }), 'event.malformed', '/version'],
    ['no data', customerEvent({}, { data: null }), 'event.missing', '/data'],
    ['no crmId', customerEvent({ crmId: undefined }), 'event.missing', '/data/crmId'],
    ['a crmId with a space', customerEvent({ crmId: 'C 1' }), 'event.malformed', '/data/crmId'],
    ['a crmId of 65 characters', customerEvent({ crmId: 'C'.repeat(65) }), 'event.malformed', '/data/crmId'],
    ['a crmId of two lines', customerEvent({ crmId: 'C-1\nx' }), 'event.malformed', '/data/crmId'],
    ['a crmId that begins with a dash', customerEvent({ crmId: '-C' }), 'event.malformed', '/data/crmId'],
    ['a crmId in braces that is no GUID', customerEvent({ crmId: '{C-1}' }), 'event.malformed', '/data/crmId'],
    [
      'a deletion without crmId',
      { ...customerEvent(), type: 'customer.deleted', data: {} },
      'event.missing',
      '/data/crmId',
    ],
  ])('for %s', (_, body, code, pointer) => {
    expect(problemsOf(body)).toEqual([{ code, pointer }]);
  });

  it('with a pointer for every bad field, into the array it came in', () => {
    const bad = [customerEvent(), customerEvent({}, { id: undefined, type: 'x' }), customerEvent({ crmId: '' })];
    expect(problemsOf(bad)).toEqual([
      { code: 'event.missing', pointer: '/1/id' },
      { code: 'event.malformed', pointer: '/1/type' },
      { code: 'event.malformed', pointer: '/2/data/crmId' },
    ]);
  });

  it('for more than 500 events', () => {
    expect(
      parseChanges(
        Array.from({ length: 501 }, () => customerEvent()),
        NOW,
      ),
    ).toEqual({ ok: false, tooMany: true });
    expect(changesOf(Array.from({ length: 500 }, () => customerEvent()))).toHaveLength(500);
  });
});

describe('an event', () => {
  it('keeps its order key, with the time in UTC', () => {
    expect(changeOf(customerEvent({}, { occurredAt: '2026-11-21T09:04:59.9999999+01:00' })).key).toEqual({
      version: 3,
      occurredAt: '2026-11-21T08:04:59.999Z',
      eventId: 'evt_01',
    });
    expect(changeOf(customerEvent({}, { version: null })).key.version).toBeNull();
    expect(changeOf(customerEvent({}, { version: undefined })).key.version).toBeNull();
  });

  it('of type created means the same as updated', () => {
    const [created, updated] = changesOf(
      ['created', 'updated'].map((verb) => customerEvent({}, { type: `customer.${verb}` })),
    );
    expect(created).toEqual(updated);
  });

  it('of a deletion needs only the crmId, and nothing else of it is looked at', () => {
    const change = changeOf(contactEvent({ name: 12 }, { type: 'contact.deleted' }));
    expect(change).toMatchObject({
      ref: { kind: 'contact', crmId: 'P-2001' },
      body: { op: 'delete', kind: 'contact' },
    });
  });

  it('may have the same crmId for a customer and a contact', () => {
    const refs = changesOf([customerEvent({ crmId: 'X' }), contactEvent({ crmId: 'X' })]).map(({ ref }) => ref);
    expect(refs).toEqual([
      { kind: 'customer', crmId: 'X' },
      { kind: 'contact', crmId: 'X' },
    ]);
  });

  it('with an id over 128 characters is a failed record and leaves the others alone', () => {
    const [first, second] = changesOf([customerEvent({}, { id: 'x'.repeat(129) }), contactEvent()]);
    expect(first?.body).toEqual({
      op: 'invalid',
      kind: 'customer',
      problems: [{ code: 'value.too-long', pointer: '/0/id' }],
    });
    expect(first?.key.eventId).toHaveLength(128);
    expect(second?.body.op).toBe('upsert');
  });
});
