import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EMPTY,
  fromEntity,
  grant,
  startInterval,
  toEntity,
  type BudgetState,
  type Wish,
} from '../../../../shared/erp/limits/state.ts';

const NOW = Date.UTC(2026, 10, 21, 8);
const LIMITS = { requestsPerMinute: 500, inProgress: 10, placeMs: 60_000 };
const wish = (more: Partial<Wish> = {}): Wish => ({
  holder: 'a',
  kept: [],
  abandoned: [],
  newPlaces: [],
  starts: 0,
  quietUntil: 0,
  leadMs: 0,
  ...more,
});
const ids = (count: number, prefix = 'p') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('the shared budget', () => {
  test('gives as many places as are free, and start times one interval apart', () => {
    const { places, starts, state } = grant(EMPTY, wish({ newPlaces: ids(12), starts: 3 }), NOW, LIMITS);
    expect(places).toHaveLength(10);
    expect(starts).toEqual([0, 1, 2].map((n) => NOW + n * startInterval(500)));
    expect(grant(state, wish({ holder: 'b', newPlaces: ids(1, 'q'), starts: 1 }), NOW, LIMITS)).toMatchObject({
      places: [],
      starts: [],
    });
  });

  test('takes no start time before its answer can be known', () => {
    const { starts } = grant(EMPTY, wish({ newPlaces: ids(1), starts: 1, leadMs: 80 }), NOW, LIMITS);
    expect(starts).toEqual([NOW + 80]);
  });

  test('does not give start times far ahead', () => {
    const state = { next: NOW + 60_000, places: [] };
    expect(grant(state, wish({ newPlaces: ids(1), starts: 1 }), NOW, LIMITS).starts).toEqual([]);
  });

  test('the places of a process that was killed are free when their time is over', () => {
    const { state } = grant(EMPTY, wish({ newPlaces: ids(10) }), NOW, LIMITS);
    const other = wish({ holder: 'b', newPlaces: ids(10, 'q') });
    expect(grant(state, other, NOW + 59_999, LIMITS).places).toHaveLength(0);
    expect(grant(state, other, NOW + 60_000, LIMITS).places).toHaveLength(10);
  });

  test('a place in use is renewed, one no longer kept is given back', () => {
    const { state } = grant(EMPTY, wish({ newPlaces: ids(2) }), NOW, LIMITS);
    const later = grant(state, wish({ kept: ['p0'] }), NOW + 20_000, LIMITS);
    expect(later.state.places).toEqual([{ id: 'p0', holder: 'a', until: NOW + 80_000 }]);
  });

  test('an abandoned request keeps its place until its own time', () => {
    const { state } = grant(EMPTY, wish({ newPlaces: ids(10) }), NOW, LIMITS);
    const abandoned = [{ id: 'p0', until: NOW + 90_000, abandonedAt: NOW }];
    const later = grant(state, wish({ abandoned }), NOW + 1000, LIMITS);
    expect(later.state.places).toEqual([{ id: 'p0', holder: 'a', until: NOW + 90_000, abandonedAt: NOW }]);
    expect(grant(later.state, wish({ abandoned }), NOW + 2000, LIMITS).changed).toBe(false);
  });

  test('lost slots take at most half of the places, and none after half an hour', () => {
    const abandoned = ids(10).map((id) => ({ id, until: NOW + 1_800_000, abandonedAt: NOW }));
    const { state } = grant(EMPTY, wish({ abandoned }), NOW, LIMITS);
    const free = (after: number) =>
      grant(state, wish({ holder: 'b', newPlaces: ids(10, 'q') }), NOW + after, LIMITS).places.length;
    expect([59_999, 60_000, 1_799_999, 1_800_000].map(free)).toEqual([0, 5, 5, 10]);
  });

  test('who waits longer for a place comes first, as long as it is heard of', () => {
    const full = grant(EMPTY, wish({ newPlaces: ids(10) }), NOW, LIMITS).state;
    const ask = (state: BudgetState, holder: string, at: number) =>
      grant(state, wish({ holder, newPlaces: ids(1, holder) }), at, LIMITS);
    const b = ask(full, 'b', NOW + 1000);
    const c = ask(b.state, 'c', NOW + 2000);
    expect([b.places, c.places, c.isWanted, c.ahead]).toEqual([[], [], true, 1]);
    const freed = grant(c.state, wish({ kept: ids(9) }), NOW + 3000, LIMITS).state;
    expect(ask(freed, 'c', NOW + 3100).places).toEqual([]);
    expect(ask(freed, 'b', NOW + 3100).places).toHaveLength(1);
    expect(ask(freed, 'c', NOW + 7100).places).toHaveLength(1);
  });

  test('a slow-down moves the next start time for all, once', () => {
    const { state, changed } = grant(EMPTY, wish({ quietUntil: NOW + 5000 }), NOW, LIMITS);
    expect([state.next, changed]).toEqual([NOW + 5000, true]);
    expect(grant(state, wish({ quietUntil: NOW + 5000 }), NOW, LIMITS).changed).toBe(false);
  });

  test('a row that is damaged or set to the far future does not stop the program', () => {
    expect(fromEntity({ next: 'x', places: '[' })).toEqual(EMPTY);
    const state = { next: NOW + 86_400_000, places: [] };
    expect(grant(state, wish({ newPlaces: ids(1), starts: 1 }), NOW, LIMITS).starts).toEqual([NOW]);
  });

  test('is stored and read back as it is', () => {
    const state = { next: 5.5, places: [{ id: 'p', holder: 'a', until: 7 }] };
    expect(fromEntity({ ...toEntity(state), etag: 'x' })).toEqual(state);
  });
});

const step = fc.record({
  holder: fc.constantFrom('a', 'b', 'c'),
  pause: fc.nat({ max: 30_000 }),
  places: fc.nat({ max: 4 }),
  starts: fc.nat({ max: 6 }),
  keep: fc.boolean(),
  leadMs: fc.nat({ max: 200 }),
});

test('whatever the processes ask for, no window holds more start times than the limit, nor more places are taken', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(3, 20), (steps, requestsPerMinute) => {
      const limits = { ...LIMITS, requestsPerMinute, inProgress: 5 };
      let state: BudgetState = EMPTY;
      let now = NOW;
      const starts: number[] = [];
      const own = new Map<string, readonly string[]>();
      for (const [index, { holder, pause, places, starts: wanted, keep, leadMs }] of steps.entries()) {
        now += pause;
        const kept = keep ? (own.get(holder) ?? []) : [];
        const newPlaces = ids(places, `${index}-`);
        const given = grant(state, wish({ holder, kept, newPlaces, starts: wanted, leadMs }), now, limits);
        state = given.state;
        own.set(
          holder,
          given.places.map(({ id }) => id),
        );
        starts.push(...given.starts);
        const taken = state.places.filter(({ until, waitingSince }) => until > now && waitingSince === undefined);
        expect(taken.length).toBeLessThanOrEqual(5);
      }
      for (const from of starts) {
        expect(starts.filter((at) => at >= from && at < from + 62_500).length).toBeLessThanOrEqual(requestsPerMinute);
      }
    }),
  );
});
