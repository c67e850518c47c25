import type { Clock } from '../../../shared/erp/index.ts';

export interface ManualClock extends Clock {
  /** Moves time on, waking sleepers in order; whatever they start runs before the next one wakes. */
  advance(ms: number): Promise<void>;
  /** Lets everything run that needs no time. */
  settle(): Promise<void>;
}

/**
 * A clock that stands still until told to move.
 * @param turns of the event loop in which everything has run that needs no time; fewer where nothing goes over a socket
 */
export function manualClock(start = Date.UTC(2026, 10, 21, 8), turns = 20): ManualClock {
  let now = start;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const at = (ms: number, wake: () => void) => sleepers.push({ at: now + ms, wake });
  const settle = async () => {
    for (let round = 0; round < turns; round += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => now,
    sleep: (ms) => new Promise((resolve) => at(ms, resolve)),
    timeout: (ms) => {
      const controller = new AbortController();
      at(ms, () => controller.abort(new DOMException('The operation timed out', 'TimeoutError')));
      return controller.signal;
    },
    settle,
    advance: async (ms) => {
      const until = now + ms;
      await settle();
      for (;;) {
        const due = sleepers.toSorted((a, b) => a.at - b.at)[0];
        if (due === undefined || due.at > until) break;
        sleepers = sleepers.filter((each) => each !== due);
        now = Math.max(now, due.at);
        due.wake();
        await settle();
      }
      now = until;
      await settle();
    },
  };
}
