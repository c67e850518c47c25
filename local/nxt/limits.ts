const MINUTE = 60_000;

/** Counts what happened within the last 60 s. */
export class SlidingMinute {
  #times: number[] = [];
  #first = 0;
  maximum = 0;

  count(now: number): number {
    while (this.#first < this.#times.length && (this.#times[this.#first] ?? now) <= now - MINUTE) this.#first++;
    if (this.#first > 10_000) {
      this.#times = this.#times.slice(this.#first);
      this.#first = 0;
    }
    return this.#times.length - this.#first;
  }

  add(now: number, times = 1): void {
    for (let n = 0; n < times; n++) this.#times.push(now);
    this.maximum = Math.max(this.maximum, this.count(now));
  }
}

/** Places for requests in progress. A lost one is freed after 30 minutes (verified). */
export const LOST_SLOT_MS = 30 * MINUTE;

export class Slots {
  readonly #limit: number;
  #taken = 0;
  maximum = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Takes a place, or says `undefined` when all are taken; the function returned gives it back, once. */
  take(): (() => void) | undefined {
    if (this.#taken >= this.#limit) return undefined;
    this.#taken++;
    this.maximum = Math.max(this.maximum, this.#taken);
    let held = true;
    return () => {
      if (held) this.#taken--;
      held = false;
    };
  }
}
