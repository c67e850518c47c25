import type { AssociateNo, OrderKey } from '../record/index.ts';
import { refText, type Ledger } from '../store/index.ts';
import type { KnownState } from '../sync/index.ts';

/** A change that is not applied yet: it waits, or a person has to look at it. */
export interface Waiting {
  readonly key: OrderKey;
  readonly seen: readonly string[];
}

/** All records of the ledger, and the rows' holders by associate number. */
export interface KnownRecords {
  readonly byRecord: ReadonlyMap<string, KnownState>;
  readonly holders: ReadonlyMap<AssociateNo, string>;
  readonly waiting: ReadonlyMap<string, Waiting>;
}

/** Reads the ledger in pages of a thousand: sixteen range queries for each list, however few records there are. */
export async function readKnown(ledger: Ledger): Promise<KnownRecords> {
  const byRecord = new Map<string, KnownState>();
  const holders = new Map<AssociateNo, string>();
  const waiting = new Map<string, Waiting>();
  for (const shard of ledger.shards) {
    for await (const state of ledger.listStates(shard)) {
      // Its own turn says so, should it come up in the file.
      if (state.is === 'unreadable') continue;
      const record = refText(state.row.ref);
      byRecord.set(record, knownOf(state.row));
      const { associateNo: no, deletedAt } = state.row;
      // The row of a deleted record may be another's by now.
      if (no !== null && (deletedAt === '' || !holders.has(no))) holders.set(no, record);
    }
    for await (const listed of ledger.list(shard, ['pending'])) {
      if (listed.is !== 'pending') continue;
      const { ref, key, seen, expired } = listed.row;
      // Values whose time was over are gone: the same may be sent again.
      if (!expired) waiting.set(refText(ref), { key, seen });
    }
  }
  return { byRecord, holders, waiting };
}

/** Only what a plan needs is kept: there may be a hundred thousand. */
function knownOf(row: KnownState): KnownState {
  const {
    associateNo,
    customerNo,
    parentNo,
    formerParentNo,
    linkIsNew,
    emptied,
    deletedAt,
    mergedInto,
    hashes,
    wayBack,
    intent,
    failed,
  } = row;
  const { applied, appliedSeen } = row;
  const link = { associateNo, customerNo, parentNo, formerParentNo, linkIsNew };
  return { ...link, emptied, deletedAt, mergedInto, hashes, wayBack, intent, failed, applied, appliedSeen };
}
