import type { RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import { emptyState, NO_WAY_BACK, refText, type StateRow } from '../../store/index.ts';
import type { AssociateRow, RowValues } from '../../erp/index.ts';
import { difference } from '../decide/row-texts.ts';
import { decideRemoval } from '../decide/removal.ts';
import type { KnownState } from '../decide/subject.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { externalIdOf } from '../decide/numbers.ts';
import type { Attempt } from './attempt.ts';
import { applyMerge } from './merge.ts';
import type { Work } from './outcome.ts';
import { send, waitForDoubt } from './write.ts';

/** Carries a deletion in the CRM over to the ERP, as `decideRemoval` says. */
export async function applyDelete(attempt: Attempt, isErasure = false): Promise<Work> {
  const { deps, lease, pending } = attempt;
  const { mergedInto, associateNo } = lease.state;
  // Killed while its row went to the one that stays: that comes first.
  if (mergedInto !== '' && associateNo !== null) return applyMerge(attempt, mergedInto);
  const { settings } = deps;
  const { ref } = pending.row;
  const row = await findRow(deps, lease.state, ref);
  const doubt = waitForDoubt(attempt);
  if (doubt) return doubt;
  if (!row) {
    const isUncertain = lease.state.intent?.kind === 'create' && externalIdOf(settings, ref) === null;
    // Its row may be there, and nothing leads to it: a person must look, or personal values stay behind.
    if (isUncertain) throw new Failure('create.uncertain');
    return forgotten(attempt, false);
  }

  const removal = await decideRemoval(settings, {
    ...{ ref, row, isErasure, state: lease.state },
    pointingAt: () => deps.erp.find({ pointingAt: row.associateNo }),
  });
  switch (removal.kind) {
    case 'keep':
      return deleted(deps, 'unchanged', {}, false);
    case 'delete':
      return removeRow(attempt, row);
    case 'mark':
      return write(attempt, row, { ...removal, outcome: 'marked' });
    case 'clear':
      return write(attempt, row, { ...removal, outcome: 'cleared' });
  }
}

/** By the link, else by the external id; never by rule: a deletion must not hit a row that merely looks alike. */
export async function findRow(
  { erp, ledger, settings }: Pick<SyncDeps, 'erp' | 'ledger' | 'settings'>,
  { associateNo, deletedAt, mergedInto }: KnownState,
  ref: RecordRef,
): Promise<AssociateRow | null> {
  // Deleted or merged before, its row may be another record's by now.
  if (mergedInto !== '') return null;
  if (deletedAt !== '' && associateNo !== null && (await ledger.holderOf(associateNo)) !== refText(ref)) return null;
  const externalId = externalIdOf(settings, ref);
  if (associateNo !== null) {
    return (await erp.find({ associateNo })).find((row) => row.associateNo === associateNo) ?? null;
  }
  if (externalId === null) return null;
  return (await erp.find({ externalId })).find((row) => row.externalId === externalId) ?? null;
}

interface Writing {
  readonly wanted: RowValues;
  readonly outcome: 'cleared' | 'marked';
  /** Empties the columns that this program never reads, too. */
  readonly withNeverRead: boolean;
}

async function write(attempt: Attempt, row: AssociateRow, { wanted, outcome, withNeverRead }: Writing): Promise<Work> {
  const { deps, lease, pending } = attempt;
  const known = {
    associateNo: row.associateNo,
    ...(outcome === 'cleared' && { emptied: true, hashes: {}, wayBack: NO_WAY_BACK, parentNo: null }),
  };
  const values = difference(wanted, row);
  if (Object.keys(values).length === 0 && !withNeverRead) return deleted(deps, 'unchanged', known, false);
  if (deps.settings.SYNC_MODE === 'plan') return { kind: 'planned', plan: outcome, fields: Object.keys(values) };
  await passBrake(attempt);
  const kept = outcome === 'cleared' ? {} : lease.state.hashes;
  const written = await send(attempt, { kind: 'update', revision: pending.row.revision, hashes: kept }, (beforeSend) =>
    deps.erp[withNeverRead ? 'erase' : 'update'](row.associateNo, values, beforeSend),
  );
  if (written.kind === 'gone') return forgotten(attempt, false);
  // Nothing is expected of the row, so that it cannot be another.
  if (written.kind === 'changed') throw new Failure('bug.unexpected');
  if (written.kind !== 'written') return written;
  const altered = Object.keys(difference(values, written.row));
  if (altered.length > 0)
    throw new Failure('erp.row-altered', { detail: altered.join(', '), candidates: [row.associateNo] });
  return deleted(deps, outcome, known, true);
}

async function removeRow(attempt: Attempt, row: AssociateRow): Promise<Work> {
  const { deps, pending } = attempt;
  if (deps.settings.SYNC_MODE === 'plan') return { kind: 'planned', plan: 'delete', fields: [] };
  await passBrake(attempt);
  const gone = await send(attempt, { kind: 'delete', revision: pending.row.revision, hashes: {} }, (beforeSend) =>
    deps.erp.delete(row.associateNo, beforeSend),
  );
  if (gone.kind !== 'deleted' && gone.kind !== 'gone') return gone;
  return forgotten(attempt, true);
}

/** There is no such row any more: if the record comes back, it is as if it had never been linked. */
async function forgotten({ deps, lease: { state } }: Attempt, wrote: boolean): Promise<Work> {
  const { ref } = state;
  if (state.associateNo !== null) await deps.ledger.releaseAssociate(state.associateNo, ref);
  const { associateNo, customerNo, parentNo, createdHere, linkIsNew, hashes, wayBack, numbersOwed } = emptyState(ref);
  const nothing = { associateNo, customerNo, parentNo, createdHere, linkIsNew, hashes, wayBack, numbersOwed };
  return deleted(deps, 'deleted', nothing, wrote);
}

/** More deletions in an hour than a person would make look like a mistake in the CRM: they wait for one. */
async function passBrake({ deps, pending }: Attempt): Promise<void> {
  if (!pending.row.released && !(await deps.mayDelete())) throw new Failure('deletes.held');
}

type Outcome = 'deleted' | 'cleared' | 'marked' | 'unchanged';

/** Others that were refused its row, or wait for a customer whose create had landed unheard, may go on. */
function deleted({ now }: SyncDeps, outcome: Outcome, known: Partial<StateRow>, wrote: boolean): Work {
  const state = { ...known, intent: null, deletedAt: iso(now()) };
  return { kind: 'done', outcome, wrote, owed: ['wake'], state };
}
