import type { RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import { emptyFailed, type OutboxRow, type StateRow, type Stored } from '../../store/index.ts';
import { Lease } from '../attempt/lease.ts';
import type { Applied } from '../attempt/outcome.ts';
import { waitForDoubt } from '../attempt/write.ts';
import { flowsOf } from '../decide/field-flows.ts';
import { afterDoubt } from '../decide/in-doubt.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { sendOwed } from '../upkeep/outbox.ts';
import { feedPending } from './feed-pending.ts';
import { afterDecision } from './after-decision.ts';

/** After what is in the way of a look. */
const LATER_MS = 60_000;

/**
 * What became of a hint that a record's row changed in the ERP, where the CRM has said nothing new: the row is read, and
 * every field that differs from what was in sync is an edit of the ERP's.
 */
export async function lookAtErp(deps: SyncDeps, ref: RecordRef, state: Stored<StateRow> | null): Promise<Applied> {
  const { ledger, settings } = deps;
  const hint = settings.ERP_TO_CRM === 'off' ? null : await ledger.readOwed(ref, 'look');
  if (!hint) return { outcome: 'nothing-to-do' };
  if (await deps.restrictions.holds(ref)) return later(deps, hint, { outcome: 'restricted' });
  if (!state || !isLinked(state.row)) {
    await ledger.removeOwed(ref, 'look', hint);
    return { outcome: 'nothing-to-do' };
  }
  const lease = await Lease.acquire(deps, ref, state);
  if (!(lease instanceof Lease)) return later(deps, hint, { outcome: 'left', code: 'lease.held' });
  try {
    if (waitForDoubt({ deps, lease })) {
      await lease.end({});
      return await later(deps, hint, { outcome: 'waiting', code: 'write.in-doubt' });
    }
    const applied = await look(deps, lease);
    await ledger.removeOwed(ref, 'look', hint);
    await feedPending(deps, ref);
    return applied;
  } catch (error) {
    if (lease.isOver || !(error instanceof Failure)) throw error;
    await lease.end({});
    if (error.scope === 'global') await deps.flow.report(error);
    return later(deps, hint, { outcome: 'waiting', code: error.code });
  }
}

const isLinked = ({ associateNo, deletedAt, mergedInto }: StateRow): boolean =>
  associateNo !== null && deletedAt === '' && mergedInto === '';

async function look(deps: SyncDeps, lease: Lease): Promise<Applied> {
  const { state } = lease;
  const { ref, associateNo } = state;
  const found = associateNo === null ? [] : await deps.erp.find({ associateNo });
  const row = found.find((each) => each.associateNo === associateNo);
  if (row === undefined) return isGone(deps, lease);
  // Nothing has been applied through the link yet: the CRM's next change says what counts.
  if (state.linkIsNew || state.emptied) {
    await lease.end({});
    return { outcome: 'looked' };
  }
  const flows = await flowsOf({ hash: deps.hash, owners: deps.settings.FIELD_OWNER }, ref.kind, state, null, row);
  const before = await afterDoubt(deps, ref.kind, state, row);
  const { owesFields, ...known } = await afterDecision(deps, ref.kind, before, null, row, flows);
  const owed = owesFields ? (['fields'] as const) : [];
  if ((await lease.end(known, { owed })) !== 'saved') return { outcome: 'left', code: 'lease.held' };
  await sendOwed(deps, ref, owed);
  const fields = Object.entries(flows).filter(([, { verdict }]) => verdict === 'to-crm' || verdict === 'conflict');
  return { outcome: 'looked', fields: fields.map(([field]) => field) };
}

/** Deleted in NXT: a person hears of it at once, and nothing is deleted in the CRM. */
async function isGone(deps: SyncDeps, lease: Lease): Promise<Applied> {
  const { ref, associateNo, failed } = lease.state;
  // What the record waits for already comes first.
  if (failed) {
    await lease.end({});
    return { outcome: 'looked' };
  }
  const now = iso(deps.now());
  const candidates = associateNo === null ? [] : [associateNo];
  const entry = { ...emptyFailed, ref, code: 'link.gone', candidates, since: now, lastAt: now };
  if ((await lease.end({}, { failed: entry, owed: ['poison'] })) !== 'saved')
    return { outcome: 'left', code: 'lease.held' };
  await sendOwed(deps, ref, ['poison']);
  return { outcome: 'failed', code: 'link.gone' };
}

/** The hint stays, and the sweep comes back with it. */
async function later({ ledger, now }: SyncDeps, hint: Stored<OutboxRow>, applied: Applied): Promise<Applied> {
  await ledger.moveOwed(hint, { dueAt: iso(now() + LATER_MS) });
  return applied;
}
