import fc from 'fast-check';
import { expect, it } from 'vitest';
import { extent } from './extent.ts';
import { playRights, rightsRun, type RightsRun } from './rights-history.ts';

it(
  'whoever was erased stays away and whoever is restricted is left alone, whatever dies meanwhile',
  { timeout: 600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(rightsRun, async (run) => {
        const { problems, world } = await playRights(run);
        expect(problems, world.trace()).toEqual([]);
      }),
      extent(40),
    );
  },
);

const change = { person: 0, does: 'change', value: 1, after: 60, late: 0 } as const;
const run: RightsRun = {
  seed: 1,
  steps: [
    change,
    { ...change, does: 'erase' },
    { ...change, person: 2 },
    { ...change, person: 2, does: 'restrict' },
    { ...change, value: 2 },
    { ...change, person: 2, value: 2 },
  ],
  kills: [],
  lost: 0,
};

it('the campaign finds a suppression list that forgets', async () => {
  const { problems } = await playRights(run, (deps) => ({
    ...deps,
    suppressions: { ...deps.suppressions, covers: async () => false, coversNow: async () => false },
  }));
  expect(problems).toContain('person 0 is in the ERP');
});

it('the campaign finds a restriction that nobody asks about', async () => {
  const { problems } = await playRights(run, (deps) => ({
    ...deps,
    restrictions: { ...deps.restrictions, holds: async () => false },
  }));
  expect(problems).toContain('person 2 was processed while restricted');
});
