import { Failure } from '../../failure.ts';
import type { Job } from './collector.ts';
import type { WriteOutcome } from '../associates/types.ts';

/** Records of requests that were lost: which of them was the cause shows when they are sent again in smaller ones. */
interface Suspects {
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

export interface BatchSize {
  /** Rows that one request may have now. */
  readonly most: () => number;
  /** The same jobs; what becomes of them tells how large the next request may be. */
  watch<Input, Outcome>(jobs: readonly Job<Input, Outcome>[]): readonly Job<Input, Outcome>[];
}

/**
 * Halves the size of requests that the ERP does not answer in time, down to one, so that neither its slowness nor one
 * row that hangs can hold all others for ever; doubles it again with each full one that is answered row by row.
 */
export function createBatchSize(largest: number): BatchSize {
  let most = largest;
  return {
    most: () => most,
    watch: (jobs) => {
      let isJudged = false;
      const judge = (what: 'answered' | 'late' | null): void => {
        if (isJudged || what === null) return;
        isJudged = true;
        if (what === 'late') most = Math.max(1, Math.floor(Math.min(most, jobs.length) / 2));
        else if (jobs.length >= most) most = Math.min(largest, most * 2);
      };
      return jobs.map((job) => ({
        input: job.input,
        resolve(outcome) {
          judge(judgementOf(outcome));
          job.resolve(outcome);
        },
        reject(error) {
          judge(isTimeout(error) ? 'late' : null);
          job.reject(error);
        },
      }));
    },
  };
}

const isTimeout = (error: unknown): boolean => error instanceof Failure && error.code === 'erp.timeout';

/** Whether the ERP answered for this row, or this lookup. */
export const isAnswered = (outcome: unknown): boolean => judgementOf(outcome) === 'answered';

/** Null for what says nothing about the request: a row that was held back, a network that failed. */
function judgementOf(outcome: unknown): 'answered' | 'late' | null {
  if (Array.isArray(outcome)) return 'answered';
  const { kind, cause } = outcome as { readonly kind?: WriteOutcome['kind']; readonly cause?: unknown };
  if (kind === 'written' || kind === 'gone') return 'answered';
  return isTimeout(cause) ? 'late' : null;
}
