import { judgeRefusal, type CrmApi, type WriteBackDeps, type WrittenBack } from '../../crm/index.ts';
import type { Personal } from '../../privacy/index.ts';
import type { RecordRef } from '../../record/index.ts';
import { Failure, type FailureCode } from '../../failure.ts';
import type { OutboxRow, StateRow, Stored } from '../../store/index.ts';
import { Lease } from '../attempt/lease.ts';
import { valueToSend } from '../decide/row-hashes.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { sendOwed } from '../upkeep/outbox.ts';
import { crmHolds } from './crm-holds.ts';
import { feedPending } from './feed-pending.ts';
import { due, namesOf, together, withNotes, withoutNotes, type Note } from './field-notes.ts';
import { later, list, settle } from './fields-answered.ts';

export interface WriteFieldsDeps {
  readonly sync: SyncDeps;
  readonly writeBack: Pick<WriteBackDeps, 'flow' | 'refusals'> & { readonly crm: Pick<CrmApi, 'writeFields'> };
}

/**
 * Brings a record's values from the ERP to the CRM: those that were noted when it was decided, read anew now, so that
 * none is kept here. What the CRM does not take just now stays owed.
 */
export async function writeFields(deps: WriteFieldsDeps, ref: RecordRef): Promise<WrittenBack> {
  const { sync, writeBack } = deps;
  const debt = await sync.ledger.readOwed(ref, 'fields');
  if (!debt) return { outcome: 'nothing-to-do' };
  const state = await sync.ledger.readState(ref);
  if (!state || due(state.row.wayBack).length === 0 || !writeBack.crm.writeFields) {
    await sync.ledger.removeOwed(ref, 'fields', debt);
    return { outcome: 'nothing-to-do' };
  }
  if ((await sync.flow.status()).is !== 'open') return later(sync, debt, 'erp.unavailable');
  // Restricted since it was decided: a hint waits until that is lifted, and it is decided anew.
  if (await sync.restrictions.holds(ref)) {
    await sync.ledger.owe(ref, 'look');
    await sync.ledger.removeOwed(ref, 'fields', debt);
    return { outcome: 'dropped' };
  }
  try {
    const status = await writeBack.flow.status();
    if (status.is !== 'stopped') return (await attempt(deps, state, debt)).written;
    // The request itself is the probe: one instance tries, the rest wait.
    const tried: WrittenBack[] = [];
    const isOpen = await writeBack.flow.tryProbe(async () => {
      const { written, isAnswered } = await attempt(deps, state, debt, status.code);
      tried.push(written);
      // Nothing was asked of the CRM, so nothing is known of it.
      if (!isAnswered) throw new Failure(status.code, { detail: status.detail });
    });
    if (!isOpen) return await later(sync, debt, status.code);
    return tried[0] ?? (await attempt(deps, state, debt)).written;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.decision === 'configuration') await writeBack.flow.report(error);
    return later(sync, debt, error.code, error.details.retryAfterMs);
  }
}

interface Attempted {
  readonly written: WrittenBack;
  /** The CRM has answered for itself. */
  readonly isAnswered: boolean;
}

const unasked = (written: WrittenBack): Attempted => ({ written, isAnswered: false });

async function attempt(
  deps: WriteFieldsDeps,
  state: Stored<StateRow>,
  debt: Stored<OutboxRow>,
  stoppedBy?: FailureCode,
): Promise<Attempted> {
  const lease = await Lease.acquire(deps.sync, state.row.ref, state);
  if (!(lease instanceof Lease)) return unasked(await later(deps.sync, debt, 'lease.held'));
  try {
    const attempted = await send(deps, lease, debt, stoppedBy);
    await feedPending(deps.sync, state.row.ref);
    return attempted;
  } catch (error) {
    if (!lease.isOver && error instanceof Failure) await lease.end({});
    throw error;
  }
}

async function send(
  { sync, writeBack }: WriteFieldsDeps,
  lease: Lease,
  debt: Stored<OutboxRow>,
  stoppedBy: FailureCode | undefined,
): Promise<Attempted> {
  const { ledger } = sync;
  const { ref } = lease.state;
  const all = due(lease.state.wayBack);
  const values = await valuesNow(sync, lease.state, all);
  const stale = all.some(([field]) => values[field] === undefined);
  if (stale) {
    // The ERP has changed since, or the row is gone: what the CRM is to have is decided anew.
    await ledger.owe(ref, 'look');
    await lease.end({ wayBack: withoutNotes(lease.state, Object.keys(values)) });
    await ledger.removeOwed(ref, 'fields', debt);
    await sendOwed(sync, ref, ['look']);
    return unasked({ outcome: 'dropped' });
  }
  const notes = together(all);
  const isReleased = notes.every(([, note]) => note.isReleased || note.isTried);
  if (!isReleased && !(await sync.mayWriteToCrm())) return unasked(await list(sync, lease, debt, 'held'));
  const tried = notes[0]?.[1].tried ?? {
    key: [ref.kind, ref.crmId, ...notes.map(([, { id }]) => id)].join('-').slice(0, 200),
    version: lease.state.applied?.version ?? null,
    at: iso(sync.now()),
  };
  if (!(await lease.keep({ wayBack: withNotes(lease.state, notes, () => ({ isTried: true, tried })) }))) {
    return unasked(await later(sync, debt, 'lease.held'));
  }
  const answer = await writeBack.crm.writeFields?.({
    ref,
    fields: Object.fromEntries(notes.flatMap(([field]) => pairOf(field, values[field]))),
    version: tried.version,
    idempotencyKey: tried.key,
    holds: crmHolds(sync, ref.kind, notes),
  });
  if (answer === 'unauthorized' || answer === 'redirected') {
    judgeRefusal(writeBack.refusals, answer, { ref, attempts: debt.row.attempts, stoppedBy });
    return { written: await list(sync, lease, debt, 'refused', namesOf(notes)), isAnswered: false };
  }
  writeBack.refusals.forget();
  writeBack.flow.succeeded();
  return {
    written: await settle({ sync, lease, debt, notes, version: tried.version }, answer ?? 'refused'),
    isAnswered: true,
  };
}

/** The fields that are due, as the ERP holds them now; those that are another value by now are left out. */
async function valuesNow(
  sync: SyncDeps,
  { associateNo, ref }: StateRow,
  notes: readonly Note[],
): Promise<Readonly<Record<string, Personal>>> {
  const found = associateNo === null ? [] : await sync.erp.find({ associateNo });
  const row = found.find((each) => each.associateNo === associateNo);
  if (!row) return {};
  const pairs = await Promise.all(
    notes.map(async ([field, note]) => [field, await valueToSend(sync, ref.kind, field, row, note.value)] as const),
  );
  return Object.fromEntries(pairs.flatMap(([field, value]) => (value === null ? [] : [[field, value] as const])));
}

const pairOf = (field: string, value: Personal | undefined): readonly (readonly [string, Personal])[] =>
  value === undefined ? [] : [[field, value]];
