import fc from 'fast-check';
import { expect, it } from 'vitest';
import { extent } from './extent.ts';
import { withoutClaims } from './mutants.ts';
import { numberRun, playNumbers } from './number-run.ts';

it('no organisation number stands in two rows that accounting had not, whatever comes, is lost or dies', async () => {
  await fc.assert(
    fc.asyncProperty(numberRun, async (run) => {
      const { found, world } = await playNumbers(run);
      expect(found, world.trace()).toEqual([]);
    }),
    extent(25),
  );
}, 600_000);

/** Two customers get one number at the same moment. */
const meeting = numberRun.map((run) => ({
  ...run,
  held: [],
  steps: [0, 1].map((record) => ({
    ...{ record, op: 'upsert' as const, number: 1, into: 0 },
    ...{ after: 0, late: 0, isRepeated: false },
  })),
  kills: [],
}));

it('which is noticed when the claims are taken out', async () => {
  const property = fc.asyncProperty(meeting, async (run) => (await playNumbers(run, withoutClaims)).found.length === 0);
  const noticed = await fc.check(property, { seed: 4, numRuns: 200, endOnFailure: true });
  expect(noticed.failed, `${noticed.numRuns} runs saw nothing`).toBe(true);
});
