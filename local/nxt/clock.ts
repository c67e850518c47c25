/** Time as the sandbox sees it, milliseconds since 1970; passed in so that a test moves it by hand. */
export interface SandboxClock {
  now(): number;
  /** Calls `run` once, `ms` from now; the returned function calls it off. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: SandboxClock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

export interface ManualClock extends SandboxClock {
  /** Moves time on and calls what has become due, in order of its time. */
  advance(ms: number): void;
  /** How many calls wait for their time. */
  pending(): number;
}

/** A clock that stands still until told to move. */
export function manualClock(start: number = Date.UTC(2026, 10, 21, 8)): ManualClock {
  let now = start;
  let waiting: { readonly at: number; readonly run: () => void }[] = [];
  const next = (until: number) => waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];

  return {
    now: () => now,
    after: (ms, run) => {
      const entry = { at: now + ms, run };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    pending: () => waiting.length,
    advance: (ms) => {
      const until = now + ms;
      for (let due = next(until); due !== undefined; due = next(until)) {
        const current = due;
        waiting = waiting.filter((other) => other !== current);
        now = Math.max(now, current.at);
        current.run();
      }
      now = until;
    },
  };
}
