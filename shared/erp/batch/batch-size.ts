import { Failure } from '../../failure.ts';
import type { Job } from './collector.ts';
import type { WriteOutcome } from '../associates/types.ts';

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
