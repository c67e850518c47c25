import { randomUUID } from 'node:crypto';
import { Failure } from '../../failure.ts';
import { recordOfText } from '../../store/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import { flowsOf } from '../decide/field-flows.ts';
import { iso, type SyncDeps } from '../deps.ts';

/**
 * How far back a poll looks beyond the one before. The ERP stamps rows by its server's local time, which goes back an
 * hour in autumn; Norwegian time is ahead of UTC, by which this reckons, so that nothing falls between two polls.
 */
const OVERLAP_MS = 70 * 60_000;
const FIRST_MS = 24 * 3_600_000;
/** However long nothing was looked for: what is older is `reconcile`'s to find. */
const MOST_MS = 31 * 24 * 3_600_000;

/** Looks for rows that changed in the ERP, every NXT_POLL_MINUTES, whichever instance sweeps first. */
export async function pollWhenDue(deps: SyncDeps): Promise<void> {
  const { settings, ledger, lastPoll, now, flow, log } = deps;
  const everyMs = settings.NXT_POLL_MINUTES * 60_000;
  if (settings.ERP_TO_CRM === 'off' || everyMs === 0 || (await flow.status()).is !== 'open') return;
  const claim = await ledger.claimUntil('poll', randomUUID(), iso(now() + everyMs), iso(now()));
  if (!claim) return;
  try {
    const beganAt = now();
    const since = iso(sinceWhen(beganAt, await lastPoll.read()));
    const { rows, looks } = await poll(deps, since);
    await lastPoll.set(iso(beganAt));
    log({ event: 'poll', records: rows, owed: looks });
  } catch (error) {
    // The ERP is away: the next poll looks as far back again.
    if (!(error instanceof Failure)) throw error;
    await ledger.releaseClaim(claim);
  }
}

/** From where the last poll that came to its end began, so that an outage of any instance or of the ERP leaves no gap. */
function sinceWhen(now: number, last: string | null): number {
  const from = last === null ? now - FIRST_MS : Math.min(Date.parse(last), now);
  return Math.max(from, now - MOST_MS) - OVERLAP_MS;
}

/** Compares the rows as they were read with what was last in sync: only what differs is looked at under its lease. */
async function poll({ erp, ledger, queues, hash, settings }: SyncDeps, since: string) {
  let [rows, looks] = [0, 0];
  const owners = settings.FIELD_OWNER;
  const isNews = async (row: AssociateRow, holder: string): Promise<boolean> => {
    const state = (await ledger.readState(recordOfText(holder)))?.row;
    if (!state || state.associateNo !== row.associateNo || state.deletedAt !== '' || state.linkIsNew) return false;
    const { wayBack } = state;
    const flows = await flowsOf({ hash, owners }, state.ref.kind, state, null, row);
    return Object.entries(flows).some(([field, { verdict, erp: held }]) => {
      const isEdit = verdict === 'to-crm' || verdict === 'conflict';
      const listed = wayBack.open[field];
      // What is listed may have come to an end.
      if (listed) return !isEdit || listed.erp !== held;
      const note = wayBack.sent[field];
      return isEdit && (note?.value !== held || note.isWithdrawn);
    });
  };
  for await (const page of erp.changedSince(since.slice(0, 19))) {
    rows += page.length;
    for (const row of page) {
      const holder = await ledger.holderOf(row.associateNo);
      if (holder === null || !(await isNews(row, holder))) continue;
      const record = recordOfText(holder);
      await ledger.owe(record, 'look');
      await queues.sendChange(record);
      looks += 1;
    }
  }
  return { rows, looks };
}
