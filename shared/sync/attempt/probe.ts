import { Failure, type FailureCode } from '../../failure.ts';
import type { SyncDeps } from '../deps.ts';
import { numberInterval } from '../decide/numbers.ts';

/** Looks whether what stopped the flow still stands; throws the `Failure` that does. */
export async function probeFor(deps: SyncDeps, stoppedBy: FailureCode): Promise<void> {
  await deps.probe();
  // That the ERP answers does not make room in a full interval.
  const interval = stoppedBy === 'erp.number-interval-full' ? numberInterval(deps.settings) : undefined;
  if (interval && (await deps.erp.highestCustomerNo(interval)) >= interval.to) throw new Failure(stoppedBy);
}
