import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Milliseconds until it gives up; default 180 000, which no machine needs unless something is wrong. */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks; default 25. */
  readonly everyMs?: number;
}

/**
 * Calls `look` until it no longer throws, and gives what it returned. At the deadline it throws what `look` threw last, so
 * a failing expectation is reported as itself.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  { timeoutMs = 180_000, everyMs = 25 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
    }
    await delay(everyMs);
  }
}
