import type { Change, RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import { isStorageFault } from '../../storage.ts';
import { acceptChanges, type Accepted, type IntakeDeps } from './intake.ts';

/**
 * Takes changes as `acceptChanges` does, but for those that `CRM_SYNC_WHEN` keeps out: nothing of them is kept, unless
 * the record is known already. Linked records are always updated.
 */
export async function acceptThroughGate(
  deps: IntakeDeps,
  changes: readonly Change[],
  keptOut: ReadonlySet<Change>,
  traceId: string,
): Promise<readonly (Accepted | { readonly status: 'ignored' })[]> {
  const outside = new Set<Change>();
  for (const change of changes) {
    if (keptOut.has(change) && change.body.op === 'upsert' && !(await isKnown(deps, change.ref))) outside.add(change);
  }
  const accepted = await acceptChanges(
    deps,
    changes.filter((change) => !outside.has(change)),
    traceId,
  );
  const taken = accepted.values();
  return changes.map((change) => {
    const next = outside.has(change) ? undefined : taken.next().value;
    return next ?? { status: 'ignored' };
  });
}

/** It has a row, may have one, or is on its way to one. */
async function isKnown({ ledger }: IntakeDeps, ref: RecordRef): Promise<boolean> {
  try {
    const { pending, state } = await ledger.read(ref);
    return pending !== null || (state !== null && (state.row.associateNo !== null || state.row.intent !== null));
  } catch (error) {
    if (isStorageFault(error)) throw new Failure('storage.unavailable');
    throw error;
  }
}
