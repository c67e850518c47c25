/** How long a property is tried: what fast-check takes. */
export interface Extent {
  readonly seed: number;
  readonly numRuns: number;
  readonly interruptAfterTimeLimit?: number;
}

const numberOf = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined ? undefined : Number(text);
};

/**
 * In `npm test` so many histories of one seed, the same each time, however slow the machine is. `FAULTS_SEED`, `FAULTS_RUNS`
 * and `FAULTS_MS` look elsewhere and longer.
 * @param share of `FAULTS_RUNS` and `FAULTS_MS`, where several properties divide them
 */
export function extent(runs: number, share = 1): Extent {
  const mostMs = numberOf('FAULTS_MS');
  return {
    seed: numberOf('FAULTS_SEED') ?? 20_261_126,
    numRuns: Math.ceil(share * (numberOf('FAULTS_RUNS') ?? runs)),
    ...(mostMs !== undefined && { interruptAfterTimeLimit: share * mostMs }),
  };
}
