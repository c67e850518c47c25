import { randomUUID } from 'node:crypto';
import type { FieldsAnswer, Refusal, WrittenBack } from '../../crm/index.ts';
import type { FailureCode } from '../../failure.ts';
import type { OutboxRow, OpenField, StateRow, Stored } from '../../store/index.ts';
import type { Lease } from '../attempt/lease.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { due, namesOf, withNotes, type Note } from './field-notes.ts';

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 60_000;
const GRACE_MS = 60_000;

interface Sent {
  readonly sync: SyncDeps;
  readonly lease: Lease;
  readonly debt: Stored<OutboxRow>;
  /** What was sent, as it was before. */
  readonly notes: readonly Note[];
  /** The record's, on which it was decided. */
  readonly version: number | null;
}

/** What the CRM's answer leaves of the notes, and of what is owed. */
export async function settle(
  { sync, lease, debt, notes, version }: Sent,
  answer: Exclude<FieldsAnswer, Refusal>,
): Promise<WrittenBack> {
  const { ledger, now } = sync;
  const { ref } = lease.state;
  switch (answer) {
    case 'written':
      {
        const wayBack = withNotes(lease.state, notes, () => ({ isTried: true, answeredAt: iso(now()) }));
        await lease.end({ wayBack });
        if (due(wayBack).length > 0) await soon(sync, debt);
        else await ledger.removeOwed(ref, 'fields', debt);
      }
      return { outcome: 'written' };
    case 'newer':
      // It did not arrive, and cannot any more: it leaves anew, as another change.
      await lease.end({ wayBack: withNotes(lease.state, notes, () => ({ tried: null, id: randomUUID() })) });
      if (isBehind(version, lease.state)) return later(sync, debt, 'crm.not-yet-shown');
      // The CRM is about to send what it has: that is decided on, and what it is to have is owed anew.
      await ledger.removeOwed(ref, 'fields', debt);
      return { outcome: 'waiting', code: 'crm.not-yet-shown' };
    case 'unknown-record':
      await lease.end({ wayBack: { ...lease.state.wayBack, sent: {} } });
      await ledger.removeOwed(ref, 'fields', debt);
      return { outcome: 'unknown-record' };
    case 'refused':
      return list(sync, lease, debt, 'refused', namesOf(notes));
    default:
      return list(sync, lease, debt, 'unfit', answer.unfit);
  }
}

/** What the CRM sent since it was decided has been applied already: nothing more comes. */
const isBehind = (version: number | null, { applied }: StateRow): boolean =>
  version !== null && (applied?.version ?? version) > version;

const CODES = { held: 'crm.held', refused: 'crm.refused', unfit: 'crm.value-unfit' } as const;

/**
 * A person looks at it: `held`, because the hour has had its changes, `refused` by the CRM, or `unfit` for its fields.
 * @param only these fields; the others stay owed.
 */
export async function list(
  sync: SyncDeps,
  lease: Lease,
  debt: Stored<OutboxRow>,
  is: keyof typeof CODES,
  only?: readonly string[],
): Promise<WrittenBack> {
  const { wayBack, ref } = lease.state;
  const since = iso(sync.now());
  const notes = due(wayBack).filter(([field]) => only?.includes(field) ?? true);
  const listed = notes.map(([field, note]): [string, OpenField] => [
    field,
    { is, since, crm: note.replaced[0] ?? '', erp: note.value },
  ]);
  const open = { ...wayBack.open, ...Object.fromEntries(listed) };
  // What the CRM refused it has not taken.
  const after = { ...withNotes(lease.state, notes, () => ({ tried: null })), open };
  await lease.end({ wayBack: after });
  if (due(after).length === 0) await sync.ledger.removeOwed(ref, 'fields', debt);
  else await soon(sync, debt);
  return { outcome: 'failed', code: CODES[is] };
}

/** What else is owed has waited for nothing. */
async function soon({ ledger, queues, now }: SyncDeps, debt: Stored<OutboxRow>): Promise<void> {
  if ((await ledger.moveOwed(debt, { dueAt: iso(now() + GRACE_MS) })) === 'done')
    await queues.sendWriteBack(debt.row.ref, 0);
}

/** Put off, a little longer each time. */
export async function later(
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
