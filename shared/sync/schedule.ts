/** Delays of a record's own failures, in seconds; the last one repeats. A person reads it as a schedule. */
const OWN_DELAYS = [5, 15, 60, 300, 900, 3600];

/** Tries of an error nobody knows, before a person is asked. */
export const MOST_ATTEMPTS = 6;

/** After an ERP write, the record's next one waits so long: a burst of edits becomes one write. */
export const FOLD_MS = 3_000;

/** Up to here a delay is a hidden message; longer ones have none, and the sweep sends one when they are due. */
export const LONGEST_MESSAGE_DELAY_MS = 60_000;

/** So long after intake the sweep takes it that the record's message led to nothing. */
export const MESSAGE_GRACE_MS = 60_000;

/** Delay before attempt `attempts + 1`, milliseconds, with a fifth of jitter either way. */
export function ownDelay(attempts: number, random: () => number): number {
  const seconds = OWN_DELAYS[Math.min(attempts, OWN_DELAYS.length) - 1] ?? 5;
  return Math.round(seconds * 1000 * (0.8 + 0.4 * random()));
}

const LONGEST_GLOBAL_DELAY_MS = 10 * 60_000;

/** Delay after something every record would meet: short, and no attempt is spent. */
export const globalDelay = (retryAfterMs: number | undefined, random: () => number): number =>
  Math.min(LONGEST_GLOBAL_DELAY_MS, Math.round(Math.max(retryAfterMs ?? 0, 5_000) * (1 + 0.4 * random())));

/**
 * After so many deaths in a row over one record, the next try is made under suspicion. Counted in the record's state:
 * the platform's own count begins anew with each message that the sweep sends.
 */
export const MOST_CRASHES = 4;
