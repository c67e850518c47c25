import type { FailedRow, Stored } from '../../store/index.ts';
import type { FailureDeps } from './failures.ts';

/** Nobody has to look at it any more. */
export async function takeOffList(deps: FailureDeps, failed: Stored<FailedRow>): Promise<void> {
  await deps.ledger.removeFailed(failed.row.ref);
  await dropPointer(deps, failed.row);
}

/** Best effort: a pointer somebody else holds just now is taken away by the sweep. */
export async function dropPointer(
  { queues }: Pick<FailureDeps, 'queues'>,
  { pointerId, pointerReceipt }: FailedRow,
): Promise<void> {
  if (pointerId !== '') await queues.deletePointer({ id: pointerId, receipt: pointerReceipt });
}
