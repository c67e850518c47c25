import type { Job } from './collector.ts';
import type { BeforeSend } from '../associates/types.ts';

interface Write {
  readonly beforeSend: BeforeSend;
}

/**
 * Asks every row whether it may be sent, right before the request leaves. Rows that may not, and rows whose question
 * failed, are settled here and leave the batch.
 */
export async function permitted<Input extends Write, Outcome>(
  jobs: readonly Job<Input, Outcome | { readonly kind: 'not-sent' }>[],
): Promise<Job<Input, Outcome | { readonly kind: 'not-sent' }>[]> {
  const answers = await Promise.all(
    jobs.map(async (job) => {
      try {
        if (await job.input.beforeSend()) return job;
        job.resolve({ kind: 'not-sent' });
      } catch (error) {
        job.reject(error);
      }
      return undefined;
    }),
  );
  return answers.filter((job) => job !== undefined);
}
