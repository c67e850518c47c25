import type { Job } from './collector.ts';

/** Records of requests that were lost: which of them was the cause shows when they are sent again in smaller ones. */
export interface Suspects {
  /** How many records the next request with this one may have; null when it is above suspicion. */
  companyOf(key: string | number): number | null;
  /** The request with these was lost. */
  add(keys: readonly (string | number)[]): void;
  clear(key: string | number): void;
}

/** The same by the jobs of a batch. */
export interface JobSuspects<Input, Outcome> {
  add(jobs: readonly Job<Input, Outcome>[]): void;
  has(job: Job<Input, Outcome>): boolean;
}

const REMEMBERED_MS = 30 * 60_000;
const MOST = 10_000;

/** A hundred rows become ten requests of ten, then ten of one: two rounds, each of which may have to wait for a doubt. */
export const smallerSize = (rows: number): number => Math.max(1, Math.floor(Math.sqrt(rows)));

/** The memory of one process; another that meets the same rows finds out by itself. */
export function createSuspects(now: () => number): Suspects {
  let known = new Map<string | number, { readonly most: number; readonly until: number }>();
  return {
    companyOf: (key) => {
      const found = known.get(key);
      return found !== undefined && found.until > now() ? found.most : null;
    },
    add: (keys) => {
      const entry = { most: smallerSize(keys.length), until: now() + REMEMBERED_MS };
      for (const key of keys) known.set(key, entry);
      if (known.size > MOST) known = new Map([...known].filter(([, { until }]) => until > now()));
    },
    clear: (key) => void known.delete(key),
  };
}
