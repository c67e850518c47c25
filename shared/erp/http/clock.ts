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
