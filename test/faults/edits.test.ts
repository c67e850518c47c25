import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calmEditRun, editRun, playEdits, type EditRun, type EditStep } from './edit-history.ts';
import { extent } from './extent.ts';

async function check(run: EditRun): Promise<void> {
  const { wrong, world } = await playEdits(run);
  expect(wrong, world.trace()).toEqual([]);
}

describe('edits in both systems, several engines in virtual time', () => {
  it.each([
    ['where nothing goes wrong', calmEditRun, 0.5],
    ['whoever dies and whatever answer is lost', editRun, 1],
  ])('end as the rule says, each written at most once, %s', { timeout: 600_000 }, async (_what, runs, share) => {
    await fc.assert(fc.asyncProperty(runs, check), extent(16, share));
  });
});

const COMPANY = { record: 0, field: 0, late: 0, isRepeated: false, isUnheard: false } as const;
const EMAIL = { ...COMPANY, record: 1, field: 1 } as const;
const faulty = (steps: readonly EditStep[]): EditRun => ({
  seed: 67_196,
  steps,
  owner: 'both',
  hasVersions: true,
  isReadable: true,
  isAutumn: true,
  kills: [],
  lost: 0.9,
  refused: 0,
});

describe('what the campaign of edits found', () => {
  it('the CRM’s value whose answer was lost was written once more, over what accounting had entered since', async () => {
    await check(faulty([1, 2, 3].map((n) => ({ ...COMPANY, does: n === 2 ? 'erp' : 'crm', after: 24 * n }))));
  });

  it('a field that the CRM had cleared was cleared once more, over what accounting had entered since', async () => {
    await check(
      faulty([
        { ...EMAIL, does: 'clear', after: 300 },
        { ...EMAIL, does: 'erp', after: 5, late: 39_900 },
      ]),
    );
  });
});
