import type { ContactValues, CustomerValues } from '../../record/index.ts';
import { refText, type Claim, type StateRow } from '../../store/index.ts';
import { iso } from '../deps.ts';
import type { Leased } from './attempt.ts';

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
