import type { RecordRef } from '../../shared/record/index.ts';
import { FAILURES } from '../../shared/failure.ts';
import type { DebtKind, FailedRow, PendingRow, StateRow } from '../../shared/store/index.ts';
import type { SyncDeps } from '../../shared/sync/index.ts';
import type { Context, ExitCode } from '../context.ts';
import { json, recordText } from '../text.ts';

const DEBTS: readonly DebtKind[] = ['wake', 'writeback', 'poison'];

/**
 * Everything known of a record but its values: those are in one column of the pending row, which is never taken over
 * here, and as keyed hashes in the state, of which only the fields' names are shown.
 */
export async function showRecord(
  { out, err }: Context,
  { ledger }: Pick<SyncDeps, 'ledger'>,
  ref: RecordRef,
  asJson: boolean,
): Promise<ExitCode> {
  const { pending, state } = await ledger.read(ref);
  const failed = await ledger.readFailed(ref);
  const debts = await Promise.all(DEBTS.map((what) => ledger.readDebt(ref, what)));
  if (!pending && !state && !failed) {
    err(`${recordText(ref)}: nothing is known of it`);
    return 1;
  }
  const known = {
    record: recordText(ref),
    failure: failed && aboutFailure(failed.row),
    pending: pending && aboutPending(pending.row),
    state: state && aboutState(state.row),
    owed: debts.flatMap((debt) =>
      debt ? [{ what: debt.row.what, since: debt.row.since, dueAt: debt.row.dueAt, attempts: debt.row.attempts }] : [],
    ),
  };
  out(asJson ? json(known) : sections(known));
  return 0;
}

function aboutFailure({ code, detail, candidates, pointers, since, lastAt, count, replayedAt }: FailedRow) {
  const known = code in FAILURES ? FAILURES[code as keyof typeof FAILURES] : null;
  return {
    code,
    meaning: known?.meaning ?? '',
    action: known?.action ?? '',
    detail,
    candidates,
    pointers,
    since,
    lastAt,
    times: count,
    replayedAt,
  };
}

function aboutPending({ key, settled, expired, ...row }: PendingRow) {
  const { receivedAt, dueAt, notBefore, attempts, waitingSince, released, traceId } = row;
  return {
    version: key.version,
    occurredAt: key.occurredAt,
    eventId: key.eventId,
    receivedAt,
    settled,
    payloadExpired: expired,
    attempts,
    notBefore,
    dueAt,
    waitingSince,
    released,
    traceId,
  };
}

function aboutState({ applied, hashes, intent, leaseUntil, ...row }: StateRow) {
  const { associateNo, customerNo, parentNo, createdHere, emptied, deletedAt, lastWriteAt, numbersOwed } = row;
  return {
    associateNo,
    customerNo,
    parentNo,
    createdHere,
    emptied,
    appliedVersion: applied?.version ?? null,
    appliedOccurredAt: applied?.occurredAt ?? '',
    appliedEventId: applied?.eventId ?? '',
    deletedAt,
    lastWriteAt,
    fields: Object.keys(hashes),
    unknownWrite: intent === null ? '' : `${intent.kind} sent ${intent.at}`,
    leaseUntil,
    numbersOwed,
  };
}

function sections(known: Readonly<Record<string, unknown>>): string {
  const isEmpty = (value: unknown): boolean =>
    value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0);
  const line = (name: string, value: unknown): string[] => {
    if (isEmpty(value)) return [];
    if (Array.isArray(value) && typeof value[0] === 'object') {
      return [`${name}:`, ...value.flatMap((each: unknown) => [`  ${JSON.stringify(each)}`])];
    }
    if (Array.isArray(value)) return [`${name}: ${value.join(', ')}`];
    if (typeof value === 'object' && value !== null) {
      return [`${name}:`, ...Object.entries(value).flatMap(([key, inner]) => line(`  ${key}`, inner))];
    }
    return [`${name}: ${String(value)}`];
  };
  return Object.entries(known)
    .flatMap(([name, value]) => line(name, value))
    .join('\n');
}
