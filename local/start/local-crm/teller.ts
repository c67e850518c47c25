import { setTimeout as sleep } from 'node:timers/promises';

/** Tells what a CRM has to tell, in its order, one request after the other; while it is away, somebody waits. */
export interface Teller {
  readonly tell: (deliver: (wait: (ms: number) => Promise<unknown>) => Promise<unknown>) => void;
  /** Gives up what nobody takes any more. */
  readonly stop: () => Promise<void>;
}

export function createTeller(): Teller {
  const end = new AbortController();
  const wait = (ms: number): Promise<unknown> => sleep(ms, undefined, { signal: end.signal });
  let last: Promise<unknown> = Promise.resolve();
  return {
    tell(deliver) {
      last = last
        .then(() => (end.signal.aborted ? undefined : deliver(wait)))
        .catch((error: unknown) => {
          if (!end.signal.aborted) throw error;
        });
    },
    async stop() {
      end.abort();
      await last;
    },
  };
}
