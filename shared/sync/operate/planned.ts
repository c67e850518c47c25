import type { RecordRef } from '../../record/index.ts';
import type { SyncDeps } from '../deps.ts';
import { eachOf } from './failures.ts';
import { byRecord, selects, type Selection } from './selection.ts';

/** A change that plan mode decided and did not write. */
export interface Planned {
  readonly ref: RecordRef;
  readonly since: string;
}

/** What would be written if SYNC_MODE were `write`; the order of ids. */
export async function listPlanned({ ledger, now }: SyncDeps, selection: Selection = {}): Promise<readonly Planned[]> {
  const fits = selects(selection, now());
  const found: Planned[] = [];
  await eachOf(ledger, ['pending'], (listed) => {
    if (listed.is !== 'pending' || listed.row.settled !== 'plan') return;
    const { ref, receivedAt: since } = listed.row;
    if (fits({ ref, code: 'plan', since })) found.push({ ref, since });
  });
  return found.sort((a, b) => byRecord(a.ref, b.ref));
}
