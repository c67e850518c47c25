import type { Clock } from '../http/clock.ts';
import type { Fate } from './gate.ts';

/**
 * "If a request never completes normally (for example, your client disconnects or times out), its slot is automatically
 * freed after 30 minutes." https://docs.vismasoftware.no/businessnxtapi/apireference/ratelimits/
 */
export const LOST_SLOT_MS = 30 * 60_000;
/** Within its own limit of 59 s the ERP may really be at work on the request. */
const AT_WORK_MS = 60_000;

/**
 * How many places abandoned requests take: each while the ERP may be at work on it; after that, as the lost slots they
 * may have left behind, at most half of all, so that an hour of timeouts never brings everything to a halt.
 * @param since when each was abandoned, milliseconds
 */
export function takenByAbandoned(since: readonly number[], now: number, inProgress: number): number {
  const lost = since.filter((at) => at > now - LOST_SLOT_MS);
  const atWork = lost.filter((at) => at > now - AT_WORK_MS).length;
  const share = Math.max(0, Math.floor(inProgress / 2) - atWork);
  return atWork + Math.min(lost.length - atWork, share);
}

/** A place of this process. */
export interface OwnPlace {
  readonly id: string;
  /** By storage's clock. */
  until: number;
  /** By the local clock. */
  readonly takenAt: number;
  idleSince: number;
}

export interface Abandoned {
  readonly id: string;
  readonly until: number;
  readonly abandonedAt: number;
}

/** Of one process; more would say nothing new, and the shared row has a limit. */
const MOST_ABANDONED = 30;

/** The places one process has: in use, kept for the next request, or of requests without an answer. */
export interface Holdings {
  /** Another process waits for one. */
  scarce: boolean;
  readonly busy: number;
  readonly idle: number;
  /** All places have been here for their time, and another process waits for one. */
  readonly isTurnOver: boolean;
  /** Ids of the places in use or kept. */
  kept(): readonly string[];
  abandoned(): readonly Abandoned[];
  /** A kept place that outlasts a request, now in use. */
  use(): OwnPlace | undefined;
  /** False when the place had been left before. */
  leave(place: OwnPlace, fate: Fate): boolean;
  /** Takes over what the shared row says: renewed places, new ones, and which of those asked about are no longer ours. */
  update(asked: readonly string[], places: readonly Pick<OwnPlace, 'id' | 'until'>[]): void;
  /** Drops kept places that nobody here needs, and while places are scarce those whose turn is over. */
  giveBack(isNeeded: boolean, hasStarts: boolean): boolean;
}

/** A place nobody here needs is kept this long for the next request. */
export const IDLE_MS = 1000;
/** While places are scarce each is handed on after this long, so that no process keeps them for ever. */
const TURN_MS = 4000;
/** What a place must have left beyond the timeout when its request starts. */
const MARGIN_MS = 5000;

/** @param now storage's clock */
export function createHoldings(clock: Clock, now: () => number, timeoutMs: number): Holdings {
  let idle: OwnPlace[] = [];
  const busy = new Set<OwnPlace>();
  let abandoned: readonly Abandoned[] = [];

  const isOver = ({ takenAt }: OwnPlace): boolean => clock.now() - takenAt > TURN_MS;

  const holdings: Holdings = {
    scarce: false,
    get busy() {
      return busy.size;
    },
    get idle() {
      return idle.length;
    },
    get isTurnOver() {
      const places = [...idle, ...busy];
      return holdings.scarce && places.length > 0 && places.every(isOver);
    },
    kept: () => [...idle, ...busy].map(({ id }) => id),
    abandoned: () => (abandoned = abandoned.filter(({ until }) => until > now())),
    use: () => {
      const place = idle.find(({ until }) => until - now() > timeoutMs + MARGIN_MS);
      if (place === undefined) return undefined;
      idle = idle.filter((each) => each !== place);
      busy.add(place);
      return place;
    },
    leave: (place, fate) => {
      if (!busy.delete(place)) return false;
      if (fate === 'abandoned') {
        const lost = { id: place.id, until: now() + LOST_SLOT_MS, abandonedAt: now() };
        abandoned = [...abandoned, lost].slice(-MOST_ABANDONED);
      }
      if (fate === 'answered') idle.push(Object.assign(place, { idleSince: clock.now() }));
      return true;
    },
    update: (asked, places) => {
      const untilOf = new Map(places.map(({ id, until }) => [id, until]));
      const known = new Set([...idle, ...busy].map(({ id }) => id));
      for (const place of [...idle, ...busy]) place.until = untilOf.get(place.id) ?? place.until;
      // What the row no longer knows has run out and may be somebody else's.
      idle = idle.filter(({ id }) => untilOf.has(id) || !asked.includes(id));
      const at = clock.now();
      const fresh = places.filter(({ id }) => !known.has(id) && !asked.includes(id));
      idle.push(...fresh.map(({ id, until }) => ({ id, until, takenAt: at, idleSince: at })));
    },
    giveBack: (isNeeded, hasStarts) => {
      // Start times taken for it would be lost with it.
      const turnOver = (place: OwnPlace) => holdings.scarce && !hasStarts && isOver(place);
      const unused = ({ idleSince }: OwnPlace) => !isNeeded && clock.now() - idleSince >= IDLE_MS;
      const dropped = idle.filter((place) => turnOver(place) || unused(place));
      idle = idle.filter((place) => !dropped.includes(place));
      return dropped.length > 0;
    },
  };
  return holdings;
}
