import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baseBeforeAnswer,
  linkLast,
  withoutBaseInDoubt,
  withoutClaims,
  withoutDoubt,
  withoutEchoMemory,
  withoutJudge,
  withoutLease,
  withoutLook,
  withoutOldValues,
  withoutVersionCheck,
} from './mutants.ts';
import type { Violation } from './check.ts';
import { busyEditRun, calmEditRun, playEdits, type EditRun, type EditsPlayed } from './edit-history.ts';
import { deadlyRun, oddRun, play, smallRun, twinRun, type SmallRun } from './small-history.ts';
import type { Mutant } from './small-world.ts';

/** What is taken out, and what must be seen then, whatever else is. */
const MUTANTS: readonly (readonly [string, Mutant, fc.Arbitrary<SmallRun>, readonly Violation['is'][]])[] = [
  ['the lease', withoutLease, smallRun, ['doubled', 'stale']],
  ['the version check', withoutVersionCheck, smallRun, ['stale', 'lost', 'failed']],
  ['the look before a create', withoutLook, smallRun, ['doubled']],
  ['the doubt after a lost answer', withoutDoubt, smallRun, ['doubled', 'stale']],
  ['the claims', withoutClaims, twinRun, ['doubled']],
  ['the judge of a bad answer', withoutJudge, oddRun, ['failed']],
  ['the link saved first', linkLast, deadlyRun, ['stale', 'lost']],
];

/** Runs until one notices; far fewer are needed. */
const MOST_RUNS = 400;

describe('the campaign notices when a guard is taken out', () => {
  it.each(MUTANTS)('%s', async (_name, mutant, runs, wanted) => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(runs, async (run) => {
      const { violations } = await play(run, mutant);
      for (const { is } of violations) seen.add(is);
      return !violations.some(({ is }) => wanted.includes(is));
    });
    const noticed = await fc.check(property, { seed: 14, numRuns: MOST_RUNS, endOnFailure: true });
    expect(
      wanted.some((is) => seen.has(is)),
      `${noticed.numRuns} runs saw ${[...seen].join() || 'nothing'}`,
    ).toBe(true);
  });
});

/** Accounting alone is at work, also after the CRM has taken what was edited and before it tells of that. */
const erpEditRun = calmEditRun.map((run): EditRun => {
  const step = { record: 0, field: 2, isRepeated: false, isUnheard: false } as const;
  const steps = [
    { ...step, does: 'erp', after: 100, late: 0 },
    { ...step, does: 'elsewhere', after: 3, late: 60_000 },
    { ...step, does: 'elsewhere', after: 12, late: 0 },
  ] as const;
  return { ...run, owner: 'both', steps };
});

/** Of the way back. */
const EDIT_MUTANTS: readonly (readonly [
  string,
  Mutant,
  fc.Arbitrary<EditRun>,
  readonly EditsPlayed['wrong'][number][0][],
])[] = [
  ['the memory of what the CRM took', withoutEchoMemory, erpEditRun, ['repeated']],
  ['the old values in an update', withoutOldValues, busyEditRun, ['overwritten']],
  ['the base that waits for the CRM’s answer', baseBeforeAnswer, busyEditRun, ['overwritten', 'echoed', 'unruled']],
  ['the base of an update whose answer is lost', withoutBaseInDoubt, busyEditRun, ['overwritten', 'unruled']],
];

describe('the campaign of edits notices when a guard is taken out', () => {
  it.each(EDIT_MUTANTS)('%s', async (_name, mutant, runs, wanted) => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(runs, async (run) => {
      const { wrong } = await playEdits(run, mutant);
      for (const [is] of wrong) seen.add(is);
      return !wrong.some(([is]) => wanted.includes(is));
    });
    const noticed = await fc.check(property, { seed: 6, numRuns: MOST_RUNS, endOnFailure: true });
    expect(
      wanted.some((is) => seen.has(is)),
      `${noticed.numRuns} runs saw ${[...seen].join() || 'nothing'}`,
    ).toBe(true);
  });
});
