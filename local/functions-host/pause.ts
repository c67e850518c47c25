import { setTimeout as delay } from 'node:timers/promises';

/** Waits `milliseconds`, or until `signal` aborts; never throws. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
