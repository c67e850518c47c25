import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extent } from './extent.ts';
import { mergeRun, play, smallOddRun, smallRun, stormRun } from './small-history.ts';

describe('a small campaign, several engines in virtual time', () => {
  it.each([
    ['whoever dies at whichever effect', smallRun, 1],
    ['whichever customer is merged meanwhile', mergeRun, 0.5],
    ['whatever one record alone provokes', smallOddRun, 0.3],
    ['whatever storage refuses or swallows', stormRun, 0.5],
  ])('loses, doubles and mixes up nothing, %s', { timeout: 600_000 }, async (_what, runs, share) => {
    await fc.assert(
      fc.asyncProperty(runs, async (run) => {
        const { violations, world } = await play(run);
        expect(violations, world.trace()).toEqual([]);
      }),
      extent(50, share),
    );
  });
});
