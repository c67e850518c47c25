import type { AssociateNo, CrmId, RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import { DUE, emptyState, iso, NO_WAY_BACK, refText } from '../../store/index.ts';
import { externalIdOf } from '../decide/numbers.ts';
import type { SyncDeps } from '../deps.ts';
import { MESSAGE_GRACE_MS } from '../schedule.ts';
import { sendOwed } from '../upkeep/outbox.ts';
import type { Attempt, Leased } from './attempt.ts';
import { Lease } from './lease.ts';
import { owedNumbers } from './numbers-owed.ts';
import type { Work } from './outcome.ts';
import { findOwnRow } from './own-row.ts';
import { survivorOf } from './survivor.ts';
import { doubtEnds, waitForDoubt } from './write.ts';

const LEASE_WAIT_MS = 3_000;

/**
 * The CRM merged the record into another: its row goes to the one that stays if that has none. Both with a row is for a
 * person. Nothing is written to the ERP: the next change of the one that stays is, and takes the row's id along.
 */
export async function applyMerge({ deps, lease, pending }: Attempt, into: CrmId): Promise<Work> {
  const { ref } = pending.row;
  const survivor = await survivorOf(deps, { kind: ref.kind, crmId: into });
  if (survivor === null || refText(survivor) === refText(ref)) throw new Failure('match.conflict');
  // Before the row goes: whatever comes for this record afterwards must know.
  if (deps.settings.SYNC_MODE === 'plan') return { kind: 'planned', plan: 'merge', fields: [] };
  const doubt = waitForDoubt({ deps, lease });
  if (doubt) return doubt;
  const associateNo = lease.state.associateNo ?? (await findOwnRow(deps, ref));
  if (associateNo !== null) {
    lease.stage({ associateNo, mergedInto: into, intent: null });
    if (!(await lease.keep({}))) return { kind: 'lost-lease' };
    try {
      const wait = await passOn({ deps, lease }, survivor, associateNo);
      if (wait) return wait;
    } catch (error) {
      if (error instanceof Failure && error.code === 'match.conflict') await tellSurvivor(deps, ref);
      throw error;
    }
  } else if (lease.state.intent?.kind === 'create' && externalIdOf(deps.settings, ref) === null) {
    // Its row may be there, and nothing leads to it.
    throw new Failure('create.uncertain');
  }
  return { kind: 'done', outcome: 'merged', wrote: false, owed: ['wake'], state: mergedState(deps, ref, into) };
}

/**
 * Both have a row, each with numbers of its own. What is owed for the one that went, or is on its way to the CRM just
 * now, is not to be the last that the CRM hears of the one that stays: the entry says so from now on, whatever it said.
 */
async function tellSurvivor({ ledger, queues, settings }: SyncDeps, gone: RecordRef): Promise<void> {
  if (settings.CRM_API_URL === undefined) return;
  await ledger.owe(gone, 'writeback');
  await queues.sendWriteBack(gone);
}

/** Nothing is left of it but where it went. */
function mergedState({ now }: SyncDeps, ref: RecordRef, into: CrmId) {
  const { associateNo, customerNo, parentNo, formerParentNo, createdHere, linkIsNew, emptied } = emptyState(ref);
  const link = { associateNo, customerNo, parentNo, formerParentNo, createdHere, linkIsNew, emptied };
  return {
    ...link,
    hashes: {},
    wayBack: NO_WAY_BACK,
    numbersOwed: '',
    intent: null,
    mergedInto: into,
    deletedAt: iso(now()),
  };
}

/** Gives the row to the one that stays. Killed on the way, it is done again. A wait where that one is busy. */
async function passOn({ deps, lease: from }: Leased, to: RecordRef, associateNo: AssociateNo): Promise<Work | null> {
  const { ledger, now } = deps;
  const busy: Work = { kind: 'wait', code: 'lease.held', until: now() + LEASE_WAIT_MS };
  const { state, pending } = await ledger.read(to);
  const has = state?.row.associateNo ?? null;
  if (has !== null && has !== associateNo) throw new Failure('match.conflict', { candidates: [associateNo, has] });
  const lease = await Lease.acquire(deps, to, state);
  if (!(lease instanceof Lease)) return busy;
  try {
    const doubt = waitForDoubt({ deps, lease });
    if (doubt)
      return { kind: 'wait', code: 'write.in-doubt', until: doubtEnds(deps, lease.state.intent ?? { at: '' }) };
    // A row of its own may be there unheard.
    const own = has ?? (await findOwnRow(deps, to));
    if (own !== null && own !== associateNo) throw new Failure('match.conflict', { candidates: [associateNo, own] });
    const giver = refText(from.state.ref);
    if (!(await ledger.claimAssociate(associateNo, to, async (holder) => holder === giver))) {
      throw new Failure('match.conflict', { candidates: [associateNo] });
    }
    const { customerNo, createdHere, parentNo, emptied } = from.state;
    const link = { associateNo, customerNo, createdHere, parentNo, emptied, linkIsNew: has === null, intent: null };
    const told = owedNumbers(deps, lease.state, { associateNo, customerNo });
    const changes = has === null ? { ...link, hashes: {}, wayBack: NO_WAY_BACK, ...told.state } : {};
    if ((await lease.end(changes, { owed: told.owed })) === 'lost') return busy;
    await sendOwed(deps, to, told.owed);
  } finally {
    if (!lease.isOver) await lease.end({});
  }
  // It may have been refused because of this very row.
  if (pending?.row.failure.startsWith('match.')) {
    await ledger.movePending(pending, { ...DUE, dueAt: iso(now() + MESSAGE_GRACE_MS) });
    await deps.queues.sendChange(to);
  }
  return null;
}
