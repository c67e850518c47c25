import type { RecordRef } from '../../record/index.ts';
import { isOpen, refText, type StateRow } from '../../store/index.ts';
import type { FlowState } from '../decide/in-doubt.ts';
import type { SyncDeps } from '../deps.ts';
import { eachOf } from './failures.ts';

/** A linked record, as far as it is compared. */
export interface Linked extends FlowState {
  readonly ref: RecordRef;
  readonly associateNo: number;
}

/** Which records there are, at one time. */
export interface KnownRecords {
  /** By row; more than one where two were linked to it. */
  readonly byRow: ReadonlyMap<number, readonly Linked[]>;
  /** The same by `refText`. */
  readonly byName: ReadonlyMap<string, Linked>;
  /** Every record of which anything is known here, as `refText`. */
  readonly known: ReadonlySet<string>;
  /** Those of which a change is on its way: what they differ in is about to change. */
  readonly onTheirWay: ReadonlySet<string>;
}

export async function knownRecords({ ledger }: Pick<SyncDeps, 'ledger'>): Promise<KnownRecords> {
  const byRow = new Map<number, Linked[]>();
  const byName = new Map<string, Linked>();
  const known = new Set<string>();
  const onTheirWay = new Set<string>();
  for (const shard of ledger.shards) {
    for await (const state of ledger.listStates(shard)) {
      if (state.is === 'unreadable') continue;
      const { ref, associateNo, hashes, wayBack } = state.row;
      known.add(refText(ref));
      if (!isLive(state.row)) continue;
      const linked = { ref, associateNo: Number(associateNo), hashes, wayBack };
      byRow.set(linked.associateNo, [...(byRow.get(linked.associateNo) ?? []), linked]);
      byName.set(refText(ref), linked);
    }
  }
  await eachOf(ledger, ['pending'], (listed) => {
    if (listed.is !== 'pending') return;
    known.add(refText(listed.row.ref));
    if (isOpen(listed.row)) onTheirWay.add(refText(listed.row.ref));
  });
  return { byRow, byName, known, onTheirWay };
}

const isLive = ({ associateNo, deletedAt, mergedInto }: StateRow): boolean =>
  associateNo !== null && deletedAt === '' && mergedInto === '';
