import { check, type Expectation, type Violation } from './check.ts';
import { readEndState, type EndState } from './end-state.ts';
import type { Site } from './site.ts';

export interface Quiet {
  readonly violations: readonly Violation[];
  readonly end: EndState;
  /** From the last fault until everything was in sync, or until patience ended. */
  readonly seconds: number;
}

/**
 * Looks until everything is in sync, at most as long as the contract allows after the last fault: the largest of the
 * times that are set, and two minutes.
 */
export async function untilInSync(
  { observer, azurite, erp, crm }: Site,
  expected: Expectation,
  patienceMs: number,
): Promise<Quiet> {
  const began = Date.now();
  for (;;) {
    const end = await readEndState(observer.ledger, azurite.connectionString, erp.rows(), crm.numbers);
    const violations = check(expected, end);
    const isQuiet = violations.length === 0 && erp.faults.landings().length === 0;
    const waited = Date.now() - began;
    if (isQuiet || waited > patienceMs) return { violations, end, seconds: Math.round(waited / 1000) };
    await new Promise((resolve) => setTimeout(resolve, 4_000));
  }
}
