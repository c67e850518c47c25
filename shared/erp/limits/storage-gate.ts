import { randomUUID } from 'node:crypto';
import type { Clock } from '../http/clock.ts';
import type { Gate, Pass } from './gate.ts';
import { createBudgetRow, type BudgetAddress, type BudgetTable } from './budget-row.ts';
import { createHoldings, IDLE_MS, type OwnPlace } from './holdings.ts';
import { grant, LONGEST_QUIET_MS, START_LIFE_MS, type BudgetLimits, type Wish } from './state.ts';

export interface StorageGateDeps extends Omit<BudgetLimits, 'placeMs'> {
  /** The table `control`. */
  readonly table: BudgetTable;
  /** Its row; unset: the ERP's. */
  readonly at?: BudgetAddress;
  readonly clock: Clock;
  /** NXT_TIMEOUT_SECONDS, in milliseconds: a place must outlast the request it is for. */
  readonly timeoutMs: number;
  /** 0 up to, not including, 1. */
  readonly random?: () => number;
}

interface Waiter {
  /** False for a request that has its place and only lost its start time. */
  readonly needsPlace: boolean;
  readonly go: (start: Start) => void;
  readonly fail: (error: unknown) => void;
}

interface Start {
  readonly at: number;
  readonly place: OwnPlace | undefined;
}

const SHORTEST_PLACE_MS = 60_000;
/** How often a process without a place or a start time looks for one, on average. */
const POLL_MS = 800;
const NEXT_POLL_MS = 200;
const LONGEST_LEAD_MS = 5000;

/**
 * The limits for all instances together, kept in one row of Table storage: start times (GCRA) and places in progress. A
 * process takes what its waiting requests need in one compare-and-set and uses its places again; when it is killed, its
 * places are free after a minute and its start times pass by themselves.
 */
export function createStorageGate(deps: StorageGateDeps): Gate {
  const { clock, timeoutMs, random = Math.random } = deps;
  const limits = { ...deps, placeMs: Math.max(SHORTEST_PLACE_MS, timeoutMs + SHORTEST_PLACE_MS / 2) };
  const row = createBudgetRow(deps.table, clock, random, deps.at);
  const now = () => row.time.now();
  const holdings = createHoldings(clock, now, timeoutMs);
  const holder = randomUUID();

  let waiting: readonly Waiter[] = [];
  let starts: readonly number[] = [];
  let quietUntil = 0;
  let leadMs = 0;
  /** There is something to tell the others although nobody waits here. */
  let news = false;
  /** Local times before which there is no point in asking. */
  let nextLook = 0;
  /** Few wait for a place before this process: it looks more often. */
  let isNext = false;
  let running = false;
  let lookingAfterIdle = false;
  let wake: () => void = () => undefined;

  const giveBack = () => {
    const hasStarts = starts.some((at) => at + START_LIFE_MS > now());
    if (holdings.giveBack(waiting.length > 0, hasStarts)) news = true;
  };

  /** Looks at unused places every second, as long as there are any. */
  const lookAfterIdle = () => {
    if (lookingAfterIdle || holdings.idle === 0) return;
    lookingAfterIdle = true;
    void clock.sleep(IDLE_MS).then(() => {
      lookingAfterIdle = false;
      giveBack();
      if (news) void run();
      lookAfterIdle();
    });
  };

  /** Gives what is there to those who wait, first come first served. */
  const serve = () => {
    giveBack();
    starts = starts.filter((at) => at + START_LIFE_MS > now() && at >= quietUntil);
    waiting = waiting.filter((waiter) => {
      const at = starts[0];
      if (at === undefined || at > now()) return true;
      const place = waiter.needsPlace ? holdings.use() : undefined;
      if (waiter.needsPlace && place === undefined) return true;
      starts = starts.slice(1);
      waiter.go({ at, place });
      return false;
    });
  };

  /** Requests that could start now but for a place; one when the process has none at all. */
  const lackingPlaces = (): number => {
    const needy = waiting.filter(({ needsPlace }) => needsPlace).length;
    if (needy === 0 || holdings.idle > 0) return 0;
    const startable = starts.filter((at) => at <= now()).length;
    return Math.max(holdings.busy === 0 ? 1 : 0, Math.min(needy, startable));
  };

  /**
   * Start times are taken for all who wait, and only when the last ones are used: few and large exchanges. Once the turn is
   * over, for those only that have their place already.
   */
  const lackingStarts = (): number => {
    if (starts.length > 0) return 0;
    return holdings.isTurnOver ? waiting.filter(({ needsPlace }) => !needsPlace).length : waiting.length;
  };

  const wishNow = (): Wish => ({
    holder,
    kept: holdings.kept(),
    abandoned: holdings.abandoned(),
    newPlaces: Array.from({ length: lackingPlaces() }, () => randomUUID()),
    starts: lackingStarts(),
    quietUntil,
    leadMs,
  });

  /** One exchange with the shared row; true when it gave something. */
  const exchange = async (): Promise<boolean> => {
    news = false;
    const began = clock.now();
    const { kept, newPlaces, given } = await row.change((state) => {
      const wish = wishNow();
      const granted = grant(state, wish, now(), limits);
      return { result: { ...wish, given: granted }, ...(granted.changed ? { state: granted.state } : {}) };
    });
    leadMs = Math.min(LONGEST_LEAD_MS, clock.now() - began);
    holdings.scarce = given.isWanted;
    isNext = given.ahead < limits.inProgress / 2;
    holdings.update(kept, given.places);
    lookAfterIdle();
    starts = [...starts, ...given.starts];
    return given.starts.length > 0 || given.places.some(({ id }) => newPlaces.includes(id));
  };

  /** Until the next start time, the next look, or until something happens here. */
  const pause = (): Promise<void> => {
    const nextStart = (starts.find((at) => at > now()) ?? Infinity) - now();
    const ms = Math.min(...[nextStart, nextLook - clock.now(), POLL_MS].filter((each) => each > 0));
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    return Promise.race([woken, clock.sleep(Math.ceil(ms))]);
  };

  const run = async (): Promise<void> => {
    wake();
    if (running) return;
    running = true;
    try {
      for (;;) {
        serve();
        if (waiting.length === 0 && !news) break;
        const lacking = clock.now() >= nextLook && (lackingPlaces() > 0 || lackingStarts() > 0);
        if (news || lacking) {
          if (await exchange()) continue;
          nextLook = clock.now() + (isNext ? NEXT_POLL_MS : POLL_MS) * (0.5 + random());
        }
        await pause();
      }
    } catch (error) {
      const failed = waiting;
      waiting = [];
      for (const waiter of failed) waiter.fail(error);
    } finally {
      running = false;
    }
  };

  const wait = (needsPlace: boolean) =>
    new Promise<Start>((go, fail) => {
      waiting = [...waiting, { needsPlace, go, fail }];
      void run();
    });

  return {
    enter: async () => {
      const { at, place } = await wait(true);
      let start: number | undefined = at;
      const pass: Pass = {
        start: async () => {
          const good = start !== undefined && now() - start <= START_LIFE_MS && start >= quietUntil;
          if (!good) await wait(false);
          start = undefined;
        },
        leave: (fate) => {
          if (place === undefined || !holdings.leave(place, fate)) return;
          lookAfterIdle();
          news ||= fate === 'abandoned';
          if (news || waiting.length > 0) void run();
        },
      };
      return pass;
    },
    slowDown: (ms) => {
      quietUntil = Math.max(quietUntil, now() + Math.min(ms, LONGEST_QUIET_MS));
      news = true;
      void run();
    },
  };
}
