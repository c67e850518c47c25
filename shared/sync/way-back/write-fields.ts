import type { CrmAnswer, CrmApi, WriteBackDeps, WrittenBack } from '../../crm/index.ts';
import type { Personal } from '../../privacy/index.ts';
import type { RecordRef } from '../../record/index.ts';
import { Failure, type FailureCode } from '../../failure.ts';
import type { OutboxRow, OpenField, SentField, StateRow, Stored } from '../../store/index.ts';
import { Lease } from '../attempt/lease.ts';
import { valueToSend } from '../decide/field-flows.ts';
import { iso, NEVER, type SyncDeps } from '../deps.ts';
import { sendOwed } from '../upkeep/outbox.ts';

export interface WriteFieldsDeps {
  readonly sync: SyncDeps;
  readonly writeBack: Pick<WriteBackDeps, 'flow'> & { readonly crm: Pick<CrmApi, 'writeFields'> };
}

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 60_000;
const GRACE_MS = 60_000;

/**
 * Brings a record's values from the ERP to the CRM: those that were noted when it was decided, read anew now, so that
 * none is kept here. What the CRM does not take just now stays owed.
 */
export async function writeFields(deps: WriteFieldsDeps, ref: RecordRef): Promise<WrittenBack> {
  const { sync, writeBack } = deps;
  const debt = await sync.ledger.readOwed(ref, 'fields');
  if (!debt || debt.row.dueAt === NEVER) return { outcome: 'nothing-to-do' };
  const state = await sync.ledger.readState(ref);
  if (!state || due(state.row).length === 0 || !writeBack.crm.writeFields) {
    await sync.ledger.removeOwed(ref, 'fields', debt);
    return { outcome: 'nothing-to-do' };
  }
  const status = await writeBack.flow.status();
  if (status.is === 'stopped') return later(sync, debt, status.code);
  if ((await sync.flow.status()).is !== 'open') return later(sync, debt, 'erp.unavailable');
  const lease = await Lease.acquire(sync, ref, state);
  if (!(lease instanceof Lease)) return later(sync, debt, 'lease.held');
  try {
    const written = await send(deps, lease, debt);
    return written;
  } catch (error) {
    if (lease.isOver || !(error instanceof Failure)) throw error;
    await lease.end({});
    if (error.decision === 'configuration') await writeBack.flow.report(error);
    return later(sync, debt, error.code, error.details.retryAfterMs);
  }
}

/** Fields whose value the CRM has not taken yet, and that nobody holds back. */
const due = ({ wayBack: { sent, open } }: Pick<StateRow, 'wayBack'>): readonly [string, SentField][] =>
  Object.entries(sent).filter(([field, note]) => note.answeredAt === '' && open[field] === undefined);

async function send({ sync, writeBack }: WriteFieldsDeps, lease: Lease, debt: Stored<OutboxRow>): Promise<WrittenBack> {
  const { ledger } = sync;
  const { ref } = lease.state;
  const values = await valuesNow(sync, lease.state);
  const stale = due(lease.state).some(([field]) => values[field] === undefined);
  if (stale) {
    // The ERP has changed since, or the row is gone: what the CRM is to have is decided anew.
    await ledger.owe(ref, 'look');
    await lease.end({ wayBack: withoutNotes(lease.state, Object.keys(values)) });
    await ledger.removeOwed(ref, 'fields', debt);
    await sendOwed(sync, ref, ['look']);
    return { outcome: 'dropped' };
  }
  const notes = due(lease.state);
  const isReleased = notes.every(([, note]) => note.isReleased || note.isTried);
  if (!isReleased && !(await sync.mayWriteToCrm())) return list(sync, lease, debt, 'held');
  if (!(await lease.keep({ wayBack: withNotes(lease.state, { isTried: true }) }))) {
    return later(sync, debt, 'lease.held');
  }
  const answer = await writeBack.crm.writeFields?.({
    ref,
    fields: values,
    version: lease.state.applied?.version ?? null,
    idempotencyKey: [ref.kind, ref.crmId, ...notes.map(([, { id }]) => id)].join('-').slice(0, 200),
  });
  return settle(sync, writeBack, lease, debt, answer ?? 'refused');
}

/** The fields that are due, as the ERP holds them now; those that are another value by now are left out. */
async function valuesNow(sync: SyncDeps, state: StateRow): Promise<Readonly<Record<string, Personal>>> {
  const { associateNo, ref } = state;
  const found = associateNo === null ? [] : await sync.erp.find({ associateNo });
  const row = found.find((each) => each.associateNo === associateNo);
  if (!row) return {};
  const pairs = await Promise.all(
    due(state).map(
      async ([field, note]) => [field, await valueToSend(sync, ref.kind, field, row, note.value)] as const,
    ),
  );
  return Object.fromEntries(pairs.flatMap(([field, value]) => (value === null ? [] : [[field, value] as const])));
}

async function settle(
  sync: SyncDeps,
  writeBack: WriteFieldsDeps['writeBack'],
  lease: Lease,
  debt: Stored<OutboxRow>,
  answer: CrmAnswer | 'newer',
): Promise<WrittenBack> {
  const { ledger, now } = sync;
  const { ref } = lease.state;
  switch (answer) {
    case 'written':
      writeBack.flow.succeeded();
      await lease.end({ wayBack: withNotes(lease.state, { answeredAt: iso(now()) }) });
      await ledger.removeOwed(ref, 'fields', debt);
      return { outcome: 'written' };
    case 'newer':
      // The CRM is about to send what it has: that is decided on, and with it what it is to have.
      await lease.end({});
      await ledger.moveOwed(debt, { dueAt: NEVER });
      return { outcome: 'waiting', code: 'crm.not-yet-shown' };
    case 'unknown-record':
      await lease.end({ wayBack: { ...lease.state.wayBack, sent: {} } });
      await ledger.removeOwed(ref, 'fields', debt);
      return { outcome: 'unknown-record' };
    case 'refused':
    case 'unauthorized':
    case 'redirected':
      return list(sync, lease, debt, 'refused');
  }
}

/** A person looks at it: `held`, because the hour has had its changes, or `refused` by the CRM. */
async function list(sync: SyncDeps, lease: Lease, debt: Stored<OutboxRow>, is: OpenField['is']): Promise<WrittenBack> {
  const { wayBack, ref } = lease.state;
  const since = iso(sync.now());
  const listed = due(lease.state).map(([field, note]): [string, OpenField] => [
    field,
    { is, since, crm: note.replaced[0] ?? '', erp: note.value },
  ]);
  await lease.end({ wayBack: { ...wayBack, open: { ...wayBack.open, ...Object.fromEntries(listed) } } });
  await sync.ledger.removeOwed(ref, 'fields', debt);
  return { outcome: 'failed', code: is === 'held' ? 'crm.held' : 'crm.refused' };
}

function withNotes({ wayBack }: StateRow, change: Partial<SentField>): StateRow['wayBack'] {
  const changed = due({ wayBack }).map(([field, note]): [string, SentField] => [field, { ...note, ...change }]);
  return { ...wayBack, sent: { ...wayBack.sent, ...Object.fromEntries(changed) } };
}

/** Notes whose value the ERP does not hold any more and that never left are no longer true. */
function withoutNotes({ wayBack }: StateRow, held: readonly string[]): StateRow['wayBack'] {
  const gone = due({ wayBack }).filter(([field, note]) => !held.includes(field) && !note.isTried);
  const names = gone.map(([field]) => field);
  return {
    ...wayBack,
    sent: Object.fromEntries(Object.entries(wayBack.sent).filter(([field]) => !names.includes(field))),
  };
}

async function later(
  { ledger, queues, now }: SyncDeps,
  debt: Stored<OutboxRow>,
  code: FailureCode,
  retryAfterMs = 0,
): Promise<WrittenBack> {
  const attempts = debt.row.attempts + 1;
  const delayMs = Math.max(Math.min(FIRST_DELAY_MS * 2 ** Math.min(attempts, 10), LONGEST_DELAY_MS), retryAfterMs);
  const dueAt = iso(now() + delayMs + GRACE_MS);
  if ((await ledger.moveOwed(debt, { attempts, dueAt })) === 'done')
    await queues.sendWriteBack(debt.row.ref, delayMs / 1000);
  return { outcome: 'waiting', code };
}
