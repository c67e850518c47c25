import { Failure } from '../../failure.ts';
import type { Rows } from '../../store/index.ts';
import { iso } from '../deps.ts';
import { beginRun, endRun, keepDifferences } from './differences.ts';
import { forgetLetBe, readLetBe, withoutLetBe } from './let-be.ts';
import { reconcile, type FoundLine, type ReconcileDeps } from './reconcile.ts';

export interface CompareDeps extends ReconcileDeps {
  /** Where what was found is kept for whoever settles it. */
  readonly control: Rows;
}

/**
 * Holds both systems against each other and keeps what was found in place of what was found before, but for what people
 * let be. Where it fails, or its process dies, the list before stays as it was, and says that it is the one before.
 *
 * @throws Failure what stands in the way just now
 */
export async function compare({ control, ...deps }: CompareDeps, by: string): Promise<readonly FoundLine[]> {
  const { now } = deps.sync;
  const at = iso(now());
  await beginRun(control, { by, at });
  try {
    const all = await reconcile(deps);
    const letBe = await readLetBe(control);
    const found = withoutLetBe(all, letBe);
    await keepDifferences(control, { at: iso(now()), by }, found);
    await forgetLetBe(control, all, letBe);
    return found;
  } catch (error) {
    if (error instanceof Failure) await endRun(control, { by, at, code: error.code });
    throw error;
  }
}
