import type { RecordRef } from '../../record/index.ts';
import { refText, type StateRow } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';

/**
 * The record that a record of the CRM is by now, and what is known of it: the one it was merged into, and so on. Null
 * where the merges lead in a circle.
 */
export async function standingFor(
  { ledger }: Pick<SyncDeps, 'ledger'>,
  ref: RecordRef,
): Promise<{ readonly ref: RecordRef; readonly state: StateRow | null } | null> {
  const seen = new Set<string>();
  for (let current = ref; !seen.has(refText(current));) {
    seen.add(refText(current));
    const state = (await ledger.readState(current))?.row ?? null;
    if (state === null || state.mergedInto === '') return { ref: current, state };
    current = { kind: current.kind, crmId: state.mergedInto };
  }
  return null;
}

export const survivorOf = async (deps: Pick<SyncDeps, 'ledger'>, ref: RecordRef): Promise<RecordRef | null> =>
  (await standingFor(deps, ref))?.ref ?? null;
