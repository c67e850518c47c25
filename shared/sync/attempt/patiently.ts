import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../failure.ts';

const TRIES = 10;
const BETWEEN_MS = 300;

/**
 * What a person does to a record waits a moment for an instance that is at work on it: most leases end within the
 * second. It is begun anew each time, on what the record is by then. @throws Failure `lease.held` after three seconds
 */
export async function patiently<Result>(act: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'lease.held' || tries === TRIES) throw error;
    }
    await delay(BETWEEN_MS);
  }
}
