/** Nothing was heard for so long that nothing more is expected. */
export class TooQuiet extends Error {
  readonly seconds: number;

  constructor(seconds: number) {
    super(`nothing was heard for ${seconds} s`);
    this.seconds = seconds;
  }
}

/**
 * Ends work that hears nothing any more: a storage account that takes a request and never answers must not leave an
 * operator before a still screen. `broken()` says that something came.
 */
export function createSilence(patienceMs: number) {
  let timer: NodeJS.Timeout | undefined;
  let giveUp: (error: Error) => void = () => undefined;
  const broken = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => giveUp(new TooQuiet(Math.round(patienceMs / 1000))), patienceMs);
  };
  return {
    broken,
    async during<T>(work: Promise<T>): Promise<T> {
      const quiet = new Promise<never>((_resolve, reject) => (giveUp = reject));
      broken();
      try {
        return await Promise.race([work, quiet]);
      } finally {
        clearTimeout(timer);
        giveUp = () => undefined;
      }
    },
  };
}
