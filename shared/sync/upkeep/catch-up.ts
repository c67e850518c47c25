import { randomUUID } from 'node:crypto';
import { Failure } from '../../failure.ts';
import type { Change, Kind } from '../../record/index.ts';
import type { ChangedRecord, CrmReader } from '../../crm/index.ts';
import type { Claim } from '../../store/index.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { acceptChanges } from '../intake/intake.ts';

const WATCH_MS = 5 * 60_000;
const CATCH_UP_MS = 3_600_000;
/** A CRM's lists may show a change later than the record itself does. */
const OVERLAP_MS = 10 * 60_000;
const AT_ONCE = 100;

/**
 * Heals what was never heard of: a CRM gives an event up after some tries, or turns its webhook off. Now and then, and
 * whenever the webhook had to be turned on again, the CRM is asked which records changed, and each is taken as a touch.
 * What was applied already is known by its time of change and costs nothing more.
 */
export async function catchUp(deps: SyncDeps): Promise<void> {
  const { crm, ledger, now, log } = deps;
  if (!crm || (await crm.flow.status()).is !== 'open') return;
  const claim = (what: string, ms: number): Promise<Claim | null> =>
    ledger.claimUntil(what, randomUUID(), iso(now() + ms), iso(now()));
  let hourly: Claim | null = null;
  try {
    const mended = (await claim('crm-watch', WATCH_MS)) === null ? null : await crm.watch();
    hourly = await claim('crm-catch-up', CATCH_UP_MS);
    if (hourly === null && mended === null) return;
    const customers = await catchUpWith(deps, crm, 'customer');
    log({ event: 'catch-up', mended, customers, contacts: await catchUpWith(deps, crm, 'contact') });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // The CRM is away: the next sweep asks again, from where the last one came to.
    if (hourly !== null) await ledger.releaseClaim(hourly);
    log({ event: 'catch-up', code: error.code });
  }
}

async function catchUpWith(deps: SyncDeps, crm: CrmReader, kind: Kind): Promise<number> {
  const began = iso(deps.now());
  const since = await crm.caughtUp(kind);
  // What was there before this program came is an import's matter.
  if (since !== null) {
    let some: ChangedRecord[] = [];
    let count = 0;
    const accept = async (): Promise<void> => {
      await acceptChanges(deps, some.map(toTouch), 'catch-up');
      count += some.length;
      some = [];
    };
    for await (const changed of crm.changedSince(kind, iso(Date.parse(since) - OVERLAP_MS))) {
      some.push(changed);
      if (some.length >= AT_ONCE) await accept();
    }
    await accept();
    await crm.setCaughtUp(kind, began);
    return count;
  }
  await crm.setCaughtUp(kind, began);
  return 0;
}

/** By the key under which the record is applied once it was read: a repeat where it was read already. */
function toTouch({ ref, modifiedAt }: ChangedRecord): Change {
  const key = { version: null, occurredAt: modifiedAt, eventId: `modified:${modifiedAt}` };
  return { ref, key, body: { op: 'touch', kind: ref.kind, removed: false }, warnings: [] };
}
