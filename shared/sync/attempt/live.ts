import type { AssociateNo, RecordRef } from '../../record/index.ts';
import type { Lookups } from '../decide/lookups.ts';
import { recordOfText } from '../../store/index.ts';
import { iso, type SyncDeps } from '../deps.ts';

/** The ERP as it is now, and what the ledger says of its rows. */
export const live = (deps: SyncDeps): Lookups => ({
  find: (selector) => deps.erp.find(selector),
  holderOf: (no) => deps.ledger.holderOf(no),
  isGone: (ref) => isGone(deps, ref),
  hash: deps.hash,
});

/** The CRM deleted or merged the record, and no attempt is about to bring it back. */
async function isGone({ ledger, now }: SyncDeps, ref: RecordRef): Promise<boolean> {
  const state = (await ledger.readState(ref))?.row;
  if (state === undefined || state.leaseUntil > iso(now())) return false;
  return state.deletedAt !== '' || state.mergedInto !== '';
}

/** True when the row is this record's: it was, was nobody's, or had been that of a record which is gone. */
export const claimRow = (deps: SyncDeps, no: AssociateNo, ref: RecordRef): Promise<boolean> =>
  deps.ledger.claimAssociate(no, ref, (holder) => isGone(deps, recordOfText(holder)));

/**
 * Notes that the record was refused these rows because of the records that have them: it is tried again when the CRM
 * deletes or merges one of those. True when one is gone already.
 */
export async function noteRefused(deps: SyncDeps, ref: RecordRef, rows: readonly number[]): Promise<boolean> {
  const { ledger } = deps;
  const holders = await Promise.all(rows.map((no) => ledger.holderOf(no as AssociateNo)));
  const others = holders.filter((holder) => holder !== null).map(recordOfText);
  await Promise.all(others.map((holder) => ledger.insertRefused(holder, ref)));
  const gone = await Promise.all(others.map((holder) => isGone(deps, holder)));
  return gone.includes(true);
}
