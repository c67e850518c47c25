import * as z from 'zod';
import { takenByAbandoned } from './holdings.ts';

/** A place among the ERP requests in progress. Times are milliseconds since the epoch by storage's clock. */
export interface Place {
  readonly id: string;
  /** The process that has it. */
  readonly holder: string;
  /** It is free again from then on, whatever became of its holder. */
  readonly until: number;
  /** Of a request without an answer: the ERP may have lost its slot. */
  readonly abandonedAt?: number | undefined;
  /** Not a place but a process that waits for one, since then; it asks again before `until`, or is forgotten. */
  readonly waitingSince?: number | undefined;
}

/** What all instances share: one row, changed by compare-and-set. */
export interface BudgetState {
  /** The earliest start time nobody has taken. */
  readonly next: number;
  readonly places: readonly Place[];
}

export const EMPTY: BudgetState = { next: 0, places: [] };

export interface BudgetLimits {
  /** NXT_REQUESTS_PER_MINUTE */
  readonly requestsPerMinute: number;
  /** NXT_MAX_IN_PROGRESS */
  readonly inProgress: number;
  /** How long a place is taken for; the places of a process that was killed are back after that. */
  readonly placeMs: number;
}

/** What one process has and asks for. */
export interface Wish {
  readonly holder: string;
  /** Places in use or kept for the next request. Own places neither here nor in `abandoned` are given back. */
  readonly kept: readonly string[];
  /** Places of requests without an answer, until the ERP frees their slots. */
  readonly abandoned: readonly { readonly id: string; readonly until: number; readonly abandonedAt: number }[];
  /** An id for each further place. */
  readonly newPlaces: readonly string[];
  readonly starts: number;
  /** Nothing may start before this. */
  readonly quietUntil: number;
  /** How long it takes until the answer is known; no start time lies before that. */
  readonly leadMs: number;
}

export interface Grant {
  readonly state: BudgetState;
  /** False when nothing was given or given back: the row need not be written. */
  readonly changed: boolean;
  /** Another process waits for a place. */
  readonly isWanted: boolean;
  /** How many wait for a place before this process. */
  readonly ahead: number;
  /** All places the process has now, `abandoned` aside. */
  readonly places: readonly Place[];
  readonly starts: readonly number[];
}

/** A start time may be used this long after it came; then it is lost. */
export const START_LIFE_MS = 1000;
/** How far two processes may disagree about storage's time, which its header gives in whole seconds. */
const SKEW_MS = 1500;
/** A process that waits for a place and is not heard of for so long is dead, or waits no more. */
const WAITING_MS = 6000;
/** Start times are not taken further ahead than this, so that a slow-down soon holds for all. */
const HORIZON_MS = 10_000;
/** A place is used again and again within the life of a few start times; without a place none is taken. */
const STARTS_PER_PLACE = 4;
/** A place is renewed when so much of its time has passed. */
const RENEW_AFTER_MS = 15_000;
/**
 * The longest pause of all instances, whatever the ERP asks for: its limit is per minute, and a record that was refused
 * waits by itself. A `next` further ahead is damage.
 */
export const LONGEST_QUIET_MS = 30_000;

/**
 * The distance of start times, whole milliseconds. Any 60 s hold only starts whose times lie within 60 s + start life + skew,
 * and of times this far apart no more than the limit fit in there (GCRA with a burst of one).
 */
export function startInterval(requestsPerMinute: number): number {
  return Math.ceil((60_000 + START_LIFE_MS + SKEW_MS) / requestsPerMinute);
}

/** Grants as much of the wish as there is. Pure: the caller writes `state` if nobody else did meanwhile. */
export function grant(state: BudgetState, wish: Wish, now: number, limits: BudgetLimits): Grant {
  const { placeMs } = limits;
  const live = state.places.filter((place) => place.until > now);
  const waiters = live.filter(({ waitingSince }) => waitingSince !== undefined);
  const places = live.filter(({ waitingSince }) => waitingSince === undefined);
  const others = places.filter(({ holder }) => holder !== wish.holder);
  const own = places.filter(({ holder }) => holder === wish.holder);
  const kept = own.filter(({ id }) => wish.kept.includes(id));
  const abandoned = wish.abandoned.map((place) => ({ ...place, holder: wish.holder }));
  const isAbandoned = ({ abandonedAt }: Place) => abandonedAt !== undefined;
  const since = [...others.filter(isAbandoned), ...abandoned].map(({ abandonedAt = 0 }) => abandonedAt);
  const lost = takenByAbandoned(since, now, limits.inProgress);
  const free = limits.inProgress - others.filter((place) => !isAbandoned(place)).length - kept.length - lost;
  // First come, first served: who has waited longer has the first of the free places.
  const waiting = waiters.find(({ holder }) => holder === wish.holder);
  const waitingSince = waiting?.waitingSince ?? now;
  const otherWaiters = waiters.filter(({ holder }) => holder !== wish.holder);
  const ahead = otherWaiters.filter((each) => (each.waitingSince ?? now) < waitingSince).length;
  const fresh = wish.newPlaces
    .slice(0, Math.max(0, free - ahead))
    .map((id) => ({ id, holder: wish.holder, until: now + placeMs }));
  const waits = wish.newPlaces.length > 0 && fresh.length === 0;
  const asksAgain = waits && (waiting === undefined || waiting.until < now + WAITING_MS / 2);
  const ownWait = asksAgain ? { id: wish.holder, holder: wish.holder, until: now + WAITING_MS, waitingSince } : waiting;

  const next = Math.max(state.next > now + 2 * LONGEST_QUIET_MS ? 0 : state.next, wish.quietUntil);
  const first = Math.ceil(Math.max(now + wish.leadMs, next));
  const interval = startInterval(limits.requestsPerMinute);
  const reachable = Math.max(0, Math.ceil((now + wish.leadMs + HORIZON_MS - first) / interval));
  const count = Math.min(wish.starts, STARTS_PER_PLACE * (kept.length + fresh.length), reachable);
  const starts = Array.from({ length: count }, (_, index) => first + index * interval);

  const told = (place: Place) => state.places.some(({ id, until }) => id === place.id && until === place.until);
  const changed =
    asksAgain ||
    count > 0 ||
    fresh.length > 0 ||
    own.length > kept.length + abandoned.filter(told).length ||
    !abandoned.every(told) ||
    wish.quietUntil > Math.max(state.next, now) ||
    kept.some(({ until }) => until < now + placeMs - RENEW_AFTER_MS);
  const renewed = changed ? kept.map((place) => ({ ...place, until: now + placeMs })) : kept;
  return {
    state: {
      next: count > 0 ? first + count * interval : next,
      places: [...others, ...renewed, ...abandoned, ...fresh, ...otherWaiters, ...(waits && ownWait ? [ownWait] : [])],
    },
    changed,
    isWanted: otherWaiters.length > 0,
    ahead,
    places: [...renewed, ...fresh],
    starts,
  };
}

const stored = z.object({
  next: z.number(),
  places: z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('not JSON');
        return z.NEVER;
      }
    })
    .pipe(
      z.array(
        z.object({
          id: z.string(),
          holder: z.string(),
          until: z.number(),
          abandonedAt: z.number().optional(),
          waitingSince: z.number().optional(),
        }),
      ),
    ),
});

/** From the table's columns. A row that cannot be read counts as empty, so that no limit hangs on a damaged row. */
export function fromEntity(entity: object): BudgetState {
  return stored.safeParse(entity).data ?? EMPTY;
}

export function toEntity({ next, places }: BudgetState): { readonly next: number; readonly places: string } {
  return { next, places: JSON.stringify(places) };
}
