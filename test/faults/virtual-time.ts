import type { SeededRandom } from './seeded-random.ts';

interface Waiting {
  readonly at: number;
  readonly order: number;
  readonly go: () => void;
}

/**
 * Time that moves only when everybody waits. What happens at the same time happens in an order that the seed gives, so that a
 * seed gives the same run again.
 */
export class VirtualTime {
  readonly #random: SeededRandom;
  #now: number;
  /** In the order they will go. */
  readonly #waiting: Waiting[] = [];

  /** @param startAt milliseconds since 1970. */
  constructor(random: SeededRandom, startAt = Date.UTC(2026, 10, 21, 8)) {
    this.#random = random;
    this.#now = startAt;
  }

  readonly now = (): number => this.#now;

  sleep(ms: number): Promise<void> {
    return new Promise((go) => {
      this.#enqueue({ at: this.#now + Math.max(0, ms), order: this.#random.next(), go });
    });
  }

  /** The time a request takes on its way. */
  hop(): Promise<void> {
    return this.sleep(this.#random.chance(0.05) ? this.#random.below(3_000) : 1 + this.#random.below(30));
  }

  /** Lets time pass until `isOver`, or until so many milliseconds have passed. */
  async pass(ms: number, isOver: () => boolean = () => false): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver()) return;
      const [next] = this.#waiting;
      if (next === undefined || next.at > until) {
        this.#now = until;
        return;
      }
      this.#waiting.shift();
      this.#now = Math.max(this.#now, next.at);
      next.go();
    }
  }

  #enqueue(waiting: Waiting): void {
    let [from, to] = [0, this.#waiting.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = this.#waiting[middle];
      if (other !== undefined && goesBefore(other, waiting)) from = middle + 1;
      else to = middle;
    }
    this.#waiting.splice(from, 0, waiting);
  }
}

const goesBefore = (a: Waiting, b: Waiting): boolean => a.at < b.at || (a.at === b.at && a.order <= b.order);
