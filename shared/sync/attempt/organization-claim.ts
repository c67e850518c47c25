import type { ContactValues, CustomerValues } from '../../record/index.ts';
import { refText } from '../../store/index.ts';
import { iso, type SyncDeps } from '../deps.ts';
import type { Lease } from './lease.ts';

/**
 * Before a customer with an organisation number is linked for the first time, the number is claimed: of two records
 * with one number, the second looks when the first is done. The name of the claim, `held`, or null when none is needed.
 */
export async function claimOrganization(
  deps: SyncDeps,
  lease: Lease,
  values: CustomerValues | ContactValues,
): Promise<{ readonly name: string } | 'held' | null> {
  const digits = 'companyName' in values ? (values.organizationNumber?.digits ?? null) : null;
  if (digits === null || lease.state.associateNo !== null || deps.settings.SYNC_MODE === 'plan') return null;
  const name = `org|${await deps.hash('organizationNumber', digits)}`;
  const { LEASE_SECONDS, NXT_DOUBT_SECONDS } = deps.settings;
  const now = deps.now();
  const until = iso(now + (LEASE_SECONDS + NXT_DOUBT_SECONDS) * 1000);
  return (await deps.ledger.claimUntil(name, refText(lease.state.ref), until, iso(now))) ? { name } : 'held';
}
