/** Milliseconds; QueuePollingIntervals.Minimum of the WebJobs SDK. */
const MINIMUM = 100;

/**
 * The pause before the next look at an empty queue: 100 ms after a message was found, then doubling, ±20 %, up to
 * `maximum` (RandomizedExponentialBackoffStrategy of the WebJobs SDK). Milliseconds.
 */
export class PollingBackoff {
  readonly #maximum: number;
  readonly #random: () => number;
  #emptyPolls = 0;

  constructor(maximum: number, random: () => number = Math.random) {
    this.#maximum = maximum;
    this.#random = random;
  }

  reset(): void {
    this.#emptyPolls = 0;
  }

  next(): number {
    const exponent = this.#emptyPolls;
    this.#emptyPolls = Math.min(exponent + 1, 30);
    if (exponent === 0) return Math.min(MINIMUM, this.#maximum);
    return Math.min(MINIMUM + MINIMUM * 2 ** (exponent - 1) * (0.8 + 0.4 * this.#random()), this.#maximum);
  }
}
