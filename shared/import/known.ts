import type { AssociateNo, CustomerNo, OrderKey } from '../record/index.ts';
import { refText, type Ledger } from '../store/index.ts';

/** What the ledger knows of a record, as much as a plan needs. */
export interface Known {
  readonly associateNo: AssociateNo | null;
  readonly customerNo: CustomerNo | null;
  readonly linkIsNew: boolean;
  readonly applied: OrderKey | null;
  readonly appliedSeen: readonly string[];
  readonly hashes: Readonly<Record<string, string>>;
}

/** All states of the ledger by record, and the rows' holders by associate number. */
export interface KnownRecords {
  readonly byRecord: ReadonlyMap<string, Known>;
  readonly holders: ReadonlyMap<AssociateNo, string>;
}

/** Reads the ledger's states in pages of a thousand: sixteen range queries, however few records there are. */
export async function readKnown(ledger: Ledger): Promise<KnownRecords> {
  const byRecord = new Map<string, Known>();
  const holders = new Map<AssociateNo, string>();
  for (const shard of ledger.shards) {
    for await (const state of ledger.listStates(shard)) {
      // Its own turn says so, should it come up in the file.
      if (state.is === 'unreadable') continue;
      const { row } = state;
      const { associateNo, customerNo, linkIsNew, applied, appliedSeen, hashes } = row;
      const record = refText(row.ref);
      byRecord.set(record, { associateNo, customerNo, linkIsNew, applied, appliedSeen, hashes });
      if (associateNo !== null) holders.set(associateNo, record);
    }
  }
  return { byRecord, holders };
}
