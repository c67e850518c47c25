import { Failure } from '../failure.ts';
import type { Job } from './collector.ts';
import type { WriteOutcome } from './types.ts';

export interface BatchSize {
  /** Rows that one request may have now. */
  readonly most: () => number;
  /** The same jobs; what becomes of them tells how large the next request may be. */
  watch<Input, Outcome>(jobs: readonly Job<Input, Outcome>[]): readonly Job<Input, Outcome>[];
}

/**
 * Halves the size of requests that the ERP does not answer in time, down to one, so that neither its slowness nor one
 * row that hangs can hold all others for ever; doubles it again with each full one that is answered.
 */
export function createBatchSize(largest: number): BatchSize {
  let most = largest;
  return {
    most: () => most,
    watch: (jobs) => {
      let isJudged = false;
      const judge = (isLate: boolean): void => {
        if (isJudged) return;
        isJudged = true;
        if (isLate) most = Math.max(1, Math.floor(Math.min(most, jobs.length) / 2));
        else if (jobs.length >= most) most = Math.min(largest, most * 2);
      };
      return jobs.map((job) => ({
        input: job.input,
        resolve(outcome) {
          judge(isLost(outcome) && isTimeout(outcome.cause));
          job.resolve(outcome);
        },
        reject(error) {
          judge(isTimeout(error));
          job.reject(error);
        },
      }));
    },
  };
}

const isTimeout = (error: unknown): boolean => error instanceof Failure && error.code === 'erp.timeout';

const isLost = (outcome: unknown): outcome is Extract<WriteOutcome, { readonly kind: 'lost' }> =>
  typeof outcome === 'object' && outcome !== null && 'kind' in outcome && outcome.kind === 'lost';
