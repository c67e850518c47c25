import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, compareKeys, foldChanges, isCrmId, type OrderKey } from '../../../shared/record/index.ts';

const at = (ms: number): string => new Date(Date.UTC(2026, 10, 21) + ms).toISOString();
const key = (version: number | null, ms: number, eventId = 'e'): OrderKey => ({ version, occurredAt: at(ms), eventId });

const eventId = fc.constantFrom('a', 'b', 'c');
const versioned = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.nat(3), eventId).map(([v, ms, id]) => key(v, ms, id));
const unversioned = fc.tuple(fc.nat(4), eventId).map(([ms, id]) => key(null, ms, id));
const keys = (count: number) =>
  fc.oneof(...[versioned, unversioned].map((one) => fc.array(one, { minLength: count, maxLength: count })));

const sign = (a: OrderKey, b: OrderKey): number =>
  ({ newer: 1, older: -1, repeat: 0, 'same-key': 0 })[compareKeys(a, b)];

const changeFor = (crmId: string, orderKey: OrderKey): Change => {
  if (!isCrmId(crmId)) throw new Error(crmId);
  return { ref: { kind: 'customer', crmId }, key: orderKey, body: { op: 'delete', kind: 'customer' }, warnings: [] };
};

describe('the newer of two events', () => {
  it('has the larger version, whatever its time', () => {
    expect(compareKeys(key(2, 0), key(1, 9))).toBe('newer');
    expect(compareKeys(key(1, 9), key(2, 0))).toBe('older');
  });

  it('has the later instant when not both have a version', () => {
    expect(compareKeys(key(null, 1), key(null, 0))).toBe('newer');
    expect(compareKeys(key(7, 0), key(null, 1))).toBe('older');
    const elsewhere = { version: null, occurredAt: '2026-11-21T01:00:00+01:00', eventId: 'e' };
    expect(compareKeys(elsewhere, key(null, 0))).toBe('repeat');
  });

  it('is a repeat with an equal key and id, and wins by arrival with another id', () => {
    expect(compareKeys(key(1, 0, 'a'), key(1, 5, 'a'))).toBe('repeat');
    expect(compareKeys(key(1, 0, 'a'), key(1, 0, 'b'))).toBe('same-key');
  });

  it('is settled by a total order', () => {
    fc.assert(
      fc.property(keys(3), ([a, b, c]) => {
        if (a === undefined || b === undefined || c === undefined) return;
        expect(sign(a, b) + sign(b, a)).toBe(0);
        if (sign(a, b) >= 0 && sign(b, c) >= 0) expect(sign(a, c)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('folding the events of a request', () => {
  it('keeps the newest per record and says what became of each event', () => {
    const changes = [
      changeFor('C-1', key(1, 0, 'a')),
      changeFor('C-2', key(1, 0, 'b')),
      changeFor('C-1', key(3, 0, 'c')),
      changeFor('C-1', key(2, 0, 'd')),
      changeFor('C-1', key(3, 0, 'c')),
      changeFor('C-2', key(1, 0, 'e')),
    ];
    const { newest, outcomes } = foldChanges(changes);
    expect(outcomes).toEqual(['superseded', 'superseded', 'newest', 'superseded', 'repeated', 'newest']);
    expect(newest).toEqual([changes[2], changes[5]]);
  });

  it('does not confuse a customer with a contact of the same id', () => {
    const customer = changeFor('X', key(1, 0));
    const contact: Change = { ...customer, ref: { ...customer.ref, kind: 'contact' } };
    expect(foldChanges([customer, contact]).newest).toHaveLength(2);
  });

  it('is the same as taking the newest, one after the other', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(versioned, { maxLength: 12 }), fc.array(unversioned, { maxLength: 12 })),
        (list) => {
          const changes = list.map((orderKey) => changeFor('C-1', orderKey));
          const { newest, outcomes } = foldChanges(changes);
          expect(outcomes).toHaveLength(changes.length);
          expect(newest).toHaveLength(Math.min(1, changes.length));
          expect(outcomes.filter((outcome) => outcome === 'newest')).toHaveLength(newest.length);
          for (const change of changes) expect(newest.every((winner) => sign(winner.key, change.key) >= 0)).toBe(true);
        },
      ),
    );
  });
});
