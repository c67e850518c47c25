import type { FailureCode } from '../failure.ts';
import type { SyncDeps } from './deps.ts';

/** Looks whether what stopped the flow still stands; throws the `Failure` that does. */
export async function probeFor(deps: SyncDeps, stoppedBy: FailureCode): Promise<void> {
  await deps.probe();
  // That the ERP answers does not make room in a full interval.
  if (stoppedBy === 'erp.number-interval-full') await deps.erp.nextCustomerNo();
}
