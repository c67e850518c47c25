import { randomUUID } from 'node:crypto';
import { compareKeys, storedOp, toStored, type Change } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import { DUE, isOpen, UnreadableRow, WAITING, type PendingRow, type RecordRows } from '../../store/index.ts';
import { asStorageFailure, isStorageFault } from '../../storage.ts';
import { leaveWait } from '../awaited.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { FOLD_MS, MESSAGE_GRACE_MS } from '../schedule.ts';
import { isSuppressed } from '../suppressed.ts';

/** What became of one change; `code` and `pointer` name a value that could not be used as it was sent. */
export interface Accepted {
  readonly status: 'queued' | 'repeated' | 'superseded' | 'failed' | 'suppressed' | 'ignored';
  readonly code?: string;
  readonly pointer?: string;
}

export type IntakeDeps = Pick<SyncDeps, 'ledger' | 'queues' | 'now' | 'suppressions'>;

/** Others are writing the same record just now: a CRM that sends again finds it quiet. */
const MOST_TRIES = 8;
/** Records of one request that are stored at the same time. */
const AT_ONCE = 16;

/**
 * Stores the newest state of each record and queues a message for it, in this order; when it returns, every change is
 * durable. Takes one change per record. One that finds no quiet moment keeps none of the others from being stored.
 * @throws Failure `storage.unavailable`; the request may be sent again.
 */
export async function acceptChanges(
  deps: IntakeDeps,
  changes: readonly Change[],
  traceId: string,
): Promise<readonly Accepted[]> {
  const accepted: Accepted[] = [];
  let contended = false;
  for (let first = 0; first < changes.length; first += AT_ONCE) {
    const some = changes.slice(first, first + AT_ONCE);
    for (const result of await Promise.all(some.map((change) => acceptChange(deps, change, traceId)))) {
      if (result === 'contended') contended = true;
      else accepted.push(result);
    }
  }
  if (contended) throw new Failure('storage.unavailable', { detail: 'record contended', retryAfterMs: 1_000 });
  return accepted;
}

async function acceptChange(deps: IntakeDeps, change: Change, traceId: string): Promise<Accepted | 'contended'> {
  try {
    // Somebody who was erased: nothing of it is kept, not even that it came.
    if (await isSuppressed(deps, change.ref, change.body)) return { status: 'suppressed' };
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const stored = await (tries === 0 ? readFirst(deps, change) : readStored(deps, change));
      if (stored === 'unreadable') return UNREADABLE;
      const { record, over } = stored;
      if (stored.isKnown && isNobodys(change, record)) return { status: 'ignored' };
      const known = standing(change, record);
      if (known === 'new') {
        const next = pendingRow(deps, change, record, traceId);
        if ((await deps.ledger.writePending(next, over)) === 'conflict') continue;
        if (record.pending) await leaveWait(deps, record.pending.row, next);
        await deps.queues.sendChange(change.ref, secondsUntil(deps, next.notBefore));
        return stored.isKnown ? noted(change) : UNREADABLE;
      }
      // Killed between the two writes, the first delivery may have left no message: the repeat brings one.
      const { pending } = record;
      if (pending && isOpen(pending.row)) {
        await deps.queues.sendChange(change.ref, secondsUntil(deps, pending.row.notBefore));
      }
      return { status: known };
    }
    return 'contended';
  } catch (error) {
    throw isStorageFault(error) ? asStorageFailure(error) : error;
  }
}

/** A contact without a customer, of whom nothing is known here, is not the ERP's business: nothing of it is kept. */
function isNobodys({ body }: Change, { pending, state }: RecordRows): boolean {
  if (body.op !== 'upsert' || body.kind !== 'contact') return false;
  const { relatedCustomerCrmId: crmId, relatedCustomerActorNumber: number } = body.values;
  const isKnown = pending !== null || (state !== null && (state.row.associateNo !== null || state.row.intent !== null));
  return crmId === undefined && number === undefined && !isKnown;
}

const UNREADABLE: Accepted = { status: 'failed', code: 'row.unreadable' };

interface StoredRecord {
  readonly record: RecordRows;
  /** The pending row that the change would take the place of. */
  readonly over: { readonly etag: string } | null;
  /** False: the change can be kept, but not applied, as what is known of the record cannot be read. */
  readonly isKnown: boolean;
}

/**
 * What is stored of the record. A change that happened after an unreadable pending row was written takes its place; an older
 * one may be older than what stands there.
 */
async function readStored({ ledger }: IntakeDeps, { ref, key }: Change): Promise<StoredRecord | 'unreadable'> {
  const [pending, state] = await Promise.all([
    orUnreadable(ledger.readPending(ref)),
    orUnreadable(ledger.readState(ref)),
  ]);
  const isKnown = !(state instanceof UnreadableRow);
  const record = { state: isKnown ? state : null };
  if (!(pending instanceof UnreadableRow)) return { record: { ...record, pending }, over: pending, isKnown };
  const isNewer = Date.parse(key.occurredAt) > Date.parse(pending.writtenAt);
  return isNewer ? { record: { ...record, pending: null }, over: pending, isKnown } : 'unreadable';
}

/** Of most records nothing is pending: whether that is so is seen when the newest state is put there. */
async function readFirst(deps: IntakeDeps, change: Change): Promise<StoredRecord | 'unreadable'> {
  const state = await orUnreadable(deps.ledger.readState(change.ref));
  if (state instanceof UnreadableRow) return readStored(deps, change);
  const record = { pending: null, state };
  const isPlain = standing(change, record) === 'new' && !isNobodys(change, record);
  return isPlain ? { record, over: null, isKnown: true } : readStored(deps, change);
}

async function orUnreadable<Row>(reading: Promise<Row>): Promise<Row | UnreadableRow> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof UnreadableRow) return error;
    throw error;
  }
}

function noted({ body, warnings }: Change): Accepted {
  const [first] = body.op === 'invalid' ? body.problems : warnings;
  return { status: body.op === 'invalid' ? 'failed' : 'queued', ...first };
}

/** How a change stands to what is stored: the newest of pending and applied decides. */
function standing({ key, body }: Change, { pending, state }: RecordRows): 'new' | 'repeated' | 'superseded' {
  // An order to erase outranks every other event, whichever of them happened or arrived first.
  const waiting = pending === null ? null : storedOp(pending.row.body);
  const isErasing = waiting === 'erase';
  // What a record that was merged away still tells is told by the one that it became.
  if (waiting === 'merge' && body.op === 'touch') return 'superseded';
  if (body.op === 'erase') return isErasing || state?.row.applied?.eventId === key.eventId ? 'repeated' : 'new';
  if (isErasing) return 'superseded';
  const stored = [
    pending && { key: pending.row.key, seen: pending.row.seen, isGone: pending.row.expired },
    state?.row.applied ? { key: state.row.applied, seen: state.row.appliedSeen, isGone: false } : null,
  ].filter((each) => each !== null);
  const orders = stored.map((each) => {
    const order = compareKeys(key, each.key);
    const isRepeat = order === 'repeat' || (order === 'same-key' && each.seen.includes(key.eventId));
    // Values whose time was over are gone: the CRM may send the same event again, though none older.
    return isRepeat ? (each.isGone ? 'newer' : 'repeat') : order;
  });
  if (orders.includes('older')) return 'superseded';
  return orders.includes('repeat') ? 'repeated' : 'new';
}

function pendingRow(
  { now }: IntakeDeps,
  { ref, key, body }: Change,
  { pending, state }: RecordRows,
  traceId: string,
): PendingRow {
  const sameKey = [
    ...(pending && compareKeys(key, pending.row.key) === 'same-key' ? pending.row.seen : []),
    ...(state?.row.applied && compareKeys(key, state.row.applied) === 'same-key' ? state.row.appliedSeen : []),
  ];
  const time = iso(now());
  // A burst that is being folded stays folded; a record's own failures do not hold back what is new.
  const isFolding =
    pending !== null &&
    pending.row.attempts === 0 &&
    isOpen(pending.row) &&
    pending.row.notBefore > time &&
    // Whatever waits longer waits for something else: a limit, a doubt.
    pending.row.notBefore <= iso(now() + FOLD_MS);
  return {
    ref,
    key,
    seen: [...new Set([...sameKey, key.eventId])].slice(-16),
    body: toStored(body),
    revision: randomUUID(),
    receivedAt: time,
    dueAt: iso(now() + MESSAGE_GRACE_MS),
    notBefore: isFolding ? pending.row.notBefore : '',
    ...(isFolding ? WAITING : DUE),
    attempts: 0,
    // A burst of edits does not prolong the wait for the customer; after it ended, a new event begins another.
    waitingSince: pending && isOpen(pending.row) ? pending.row.waitingSince : '',
    expired: false,
    released: false,
    order: pending?.row.order ?? '',
    keepsErp: pending?.row.keepsErp ?? [],
    // What was approved is the state that was planned, not a newer one.
    approved: false,
    traceId,
  };
}

const secondsUntil = ({ now }: IntakeDeps, time: string): number =>
  time === '' ? 0 : (Date.parse(time) - now()) / 1000;
