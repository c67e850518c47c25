/** Time, passed in so that tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Aborts with a `TimeoutError` after so many milliseconds. */
  timeout(ms: number): AbortSignal;
}

/** Never steps back: a clock that is set while the program runs must not stretch a wait. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  timeout: (ms) => AbortSignal.timeout(ms),
};

/** Storage's clock, as all instances see it. */
export interface StorageTime {
  /** Milliseconds since the epoch; the local clock until the first answer came. */
  now(): number;
  /** An answer with this `Date` header (whole seconds, rounded down), to a request sent then by the local clock. */
  observe(date: number, sentAt: number): void;
}

interface Sample {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

const KEPT = 64;
const KEPT_MS = 120_000;

/**
 * Each answer bounds the difference to the local clock: storage's time was in [date, date + 1 s) at some moment between
 * sending and receiving. Many answers together bound it well within a second. A clock that was set contradicts its
 * older samples, which are dropped then.
 */
export function createStorageTime(clock: Clock): StorageTime {
  let samples: readonly Sample[] = [];
  let difference = 0;

  return {
    now: () => clock.now() + difference,
    observe: (date, sentAt) => {
      const at = clock.now();
      const sample = { at, low: date - at, high: date + 1000 - sentAt };
      samples = [...samples.filter((each) => each.at > at - KEPT_MS), sample].slice(-KEPT);
      let low = Math.max(...samples.map((each) => each.low));
      let high = Math.min(...samples.map((each) => each.high));
      if (low > high) {
        samples = [sample];
        ({ low, high } = sample);
      }
      difference = (low + high) / 2;
    },
  };
}
