/** Counts work in progress so that a stop can wait for it. */
export class InFlight {
  readonly #running = new Set<Promise<unknown>>();

  get size(): number {
    return this.#running.size;
  }

  /** Follows `work` until it settles; what it rejects with stays with the caller. */
  add(work: Promise<unknown>): void {
    const tracked: Promise<unknown> = work.then(
      () => this.#running.delete(tracked),
      () => this.#running.delete(tracked),
    );
    this.#running.add(tracked);
  }

  /** Resolves when at most `count` are left. */
  async untilAtMost(count: number): Promise<void> {
    while (this.#running.size > count) await Promise.race(this.#running);
  }
}
