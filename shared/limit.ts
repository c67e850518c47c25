/** Thrown in place of an answer that did not come in time. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

/**
 * Waits for `work` at most so many milliseconds. The signal tells it to stop; one that does not hear is left behind, its
 * late answer or error dropped. @throws LimitError
 */
export function withLimit<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new LimitError(`no answer within ${milliseconds} ms`));
      controller.abort();
    }, milliseconds);
    work(controller.signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
