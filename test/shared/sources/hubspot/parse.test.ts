import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseHubspot } from '../../../../shared/sources/hubspot/parse.ts';

const NOW = new Date('2026-11-21T08:00:00.000Z');
const golden = path.join(import.meta.dirname, 'golden');
const parse = (json: unknown) => parseHubspot(json, NOW, ['nxt_actor_number']);
const event = (more: object) => ({ eventId: 1, portalId: 3, occurredAt: 1_790_000_000_000, objectId: 555, ...more });

describe('an event of HubSpot', () => {
  it.each(readdirSync(golden))('%s', (file) => {
    const { request, becomes } = JSON.parse(readFileSync(path.join(golden, file), 'utf8')) as {
      request: unknown[];
      becomes: unknown[];
    };
    const parsed = parse(request);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed));
    expect(
      parsed.changes.map(({ ref, key, body }) => ({
        record: `${ref.kind} ${ref.crmId}`,
        occurredAt: key.occurredAt,
        body,
      })),
    ).toEqual(becomes);
    expect(parsed.ignored).toHaveLength(becomes.length === 0 ? request.length : 0);
    // Nothing that HubSpot says of a person gets into a change.
    expect(JSON.stringify(parsed)).not.toMatch(/kari@|Larvik|REDACTED/);
  });

  it('keeps its id when it is sent again, whatever the attempt', () => {
    const [first, again] = [0, 3].map((attemptNumber) =>
      parse([event({ subscriptionType: 'company.creation', attemptNumber })]),
    );
    expect(first).toEqual(again);
  });

  it('has an id of its own where HubSpot gives two the same eventId', () => {
    const parsed = parse([
      event({ subscriptionType: 'company.propertyChange', propertyName: 'city' }),
      event({ subscriptionType: 'company.propertyChange', propertyName: 'zip' }),
    ]);
    const ids = parsed.ok ? parsed.changes.map(({ key }) => key.eventId) : [];
    expect(new Set(ids).size).toBe(2);
  });

  it('from the future happened now', () => {
    const parsed = parse([event({ subscriptionType: 'company.creation', occurredAt: NOW.getTime() + 3_600_000 })]);
    expect(parsed.ok && parsed.changes[0]?.key.occurredAt).toBe(NOW.toISOString());
  });
});

describe('a request that is refused whole', () => {
  const refused = (json: unknown) => {
    const parsed = parse(json);
    return parsed.ok || parsed.tooMany ? parsed : parsed.problems;
  };
  it.each([
    ['nothing', [], 'event.missing', ''],
    ['no event', [3], 'event.malformed', '/0/subscriptionType'],
    [
      'no time',
      [event({ subscriptionType: 'company.creation', occurredAt: undefined })],
      'event.malformed',
      '/0/occurredAt',
    ],
    [
      'no record',
      [event({ subscriptionType: 'company.creation', objectId: undefined })],
      'event.missing',
      '/0/objectId',
    ],
    [
      'an id that is none',
      [event({ subscriptionType: 'company.creation', objectId: '../1' })],
      'event.malformed',
      '/0/objectId',
    ],
  ])('has %s', (_, json, code, pointer) => {
    expect(refused(json)).toEqual([{ code, pointer }]);
  });

  it('has too many events', () => {
    expect(parse(Array(501).fill(event({ subscriptionType: 'company.creation' })))).toMatchObject({ tooMany: true });
  });
});
