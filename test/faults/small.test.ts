import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { play, smallRun } from './small-history.ts';

describe('a small campaign, several engines in virtual time', () => {
  it('loses, doubles and mixes up nothing, whoever dies at whichever effect', { timeout: 600_000 }, async () => {
    const seed = Number(process.env['FAULTS_SEED'] ?? 20_261_121);
    await fc.assert(
      fc.asyncProperty(smallRun, async (run) => {
        const { violations, world } = await play(run);
        expect(violations, world.story()).toEqual([]);
      }),
      {
        seed,
        numRuns: Number(process.env['FAULTS_RUNS'] ?? 50),
        interruptAfterTimeLimit: Number(process.env['FAULTS_MS'] ?? 30_000),
      },
    );
  });
});
