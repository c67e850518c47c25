import type { AssociateNo, RecordRef, ContactValues, CustomerValues } from '../../record/index.ts';
import type { Lookups } from '../decide/lookups.ts';
import { recordOfText, refText, type Claim, type StateRow } from '../../store/index.ts';
import { iso, type SyncDeps } from '../deps.ts';
import type { Leased } from './attempt.ts';

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

/**
 * Before an organisation number comes to a customer, with its first link or later, the number is claimed: of two records
 * with one number, the second looks when the first is done. The claim, `held`, or null when none is needed.
 */
export async function claimOrganization(
  { deps, lease }: Leased,
  values: CustomerValues | ContactValues,
  hashes: StateRow['hashes'],
): Promise<Claim | 'held' | null> {
  const key = 'companyName' in values ? (values.organizationNumber?.key ?? null) : null;
  const { associateNo, hashes: applied, linkIsNew } = lease.state;
  const isApplied = applied['organizationNumber'] === hashes['organizationNumber'];
  const mayComeBack = linkIsNew || deps.settings.NXT_ERP_EDITS === 'overwrite';
  const isHeld = associateNo !== null && isApplied && !mayComeBack;
  if (key === null || isHeld || deps.settings.SYNC_MODE === 'plan') return null;
  const name = `org|${await deps.hash('organizationNumber', key)}`;
  const { LEASE_SECONDS, NXT_DOUBT_SECONDS } = deps.settings;
  const now = deps.now();
  const until = iso(now + (LEASE_SECONDS + NXT_DOUBT_SECONDS) * 1000);
  return (await deps.ledger.claimUntil(name, refText(lease.state.ref), until, iso(now))) ?? 'held';
}
