import type { CrmId, RecordRef } from '../record/index.ts';
import { Failure, type FailureCode } from '../failure.ts';
import type { Flow } from '../flow/index.ts';
import { DUE, emptyFailed, iso, NEVER, type OutboxRow, type Ledger, type Stored } from '../store/index.ts';
import type { Queues } from '../queues/index.ts';
import type { CrmApi, NumbersToSend } from './api.ts';
import { judgeRefusal, type Refusals } from './refusals.ts';

export interface WriteBackDeps {
  readonly ledger: Ledger;
  readonly queues: Queues;
  readonly flow: Flow;
  readonly crm: Pick<CrmApi, 'writeNumbers' | 'writeFields'>;
  readonly refusals: Refusals;
  readonly now: () => number;
  readonly random: () => number;
}

export interface WrittenBack {
  /** `dropped`: there is nothing to send any more; `listed`: the CRM refused them before, and a person has not looked yet. */
  readonly outcome: 'written' | 'unknown-record' | 'nothing-to-do' | 'dropped' | 'listed' | 'waiting' | 'failed';
  readonly code?: FailureCode;
}

/** Delays between tries, seconds; the last repeats for as long as the CRM is away, so that its return is soon seen. */
const DELAYS = [5, 15, 48];

/**
 * Brings a record's numbers to the CRM. They stay owed until the CRM has taken them, so that a CRM that is down only
 * delays this: it neither blocks nor repeats what was written to the ERP.
 */
export async function writeBack(deps: WriteBackDeps, ref: RecordRef): Promise<WrittenBack> {
  const { ledger, flow } = deps;
  const entry = await ledger.readOwed(ref, 'writeback');
  if (!entry) return { outcome: 'nothing-to-do' };
  if (entry.row.dueAt === NEVER) return { outcome: 'listed' };
  const state = entry.row.numbers === null ? (await ledger.readState(ref))?.row : undefined;
  if (state && state.mergedInto !== '') return passOn(deps, entry, state.mergedInto);
  const numbers = entry.row.numbers ?? state;
  if (!numbers || numbers.associateNo === null) {
    await ledger.removeOwed(ref, 'writeback', entry);
    return { outcome: 'dropped' };
  }
  const record = { ...numbers, ref };
  try {
    const status = await flow.status();
    // The request itself is the probe: one instance tries, the rest wait.
    if (status.is === 'stopped') {
      const sent: WrittenBack[] = [];
      const isOpen = await flow.tryProbe(async () => {
        sent.push(await send(deps, record, entry, status.code));
      });
      // Held, not refused: waiting for others' trouble to end is no try of its own.
      if (!isOpen) return await later(deps, entry, status.code, { attempts: entry.row.attempts });
      return sent[0] ?? (await send(deps, record, entry));
    }
    return await send(deps, record, entry);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.decision === 'configuration') await flow.report(error);
    return later(deps, entry, error.code, error.details);
  }
}

async function send(
  deps: WriteBackDeps,
  record: NumbersToSend,
  entry: Stored<OutboxRow>,
  stoppedBy?: FailureCode,
): Promise<WrittenBack> {
  const { ledger, crm, flow, refusals } = deps;
  const answer = await crm.writeNumbers(record);
  if (answer === 'unauthorized' || answer === 'redirected') {
    judgeRefusal(refusals, answer, { ref: record.ref, attempts: entry.row.attempts, stoppedBy });
    return list(deps, record.ref, entry);
  }
  refusals.forget();
  flow.succeeded();
  if (answer === 'refused') return list(deps, record.ref, entry);
  // Those that are read when they are sent set right what a merge may have left: numbers of the one that went.
  if (answer === 'written' && entry.row.numbers === null) await tryAgain(deps, record.ref);
  // Numbers that came to be while this was under way are an entry of their own, and not cleared with the old one.
  await ledger.removeOwed(record.ref, 'writeback', entry);
  if (entry.row.listed) await takeOffList(deps, record.ref);
  return { outcome: answer };
}

/**
 * The CRM may take what was sent to a record for the one that it was merged into, also what was under way meanwhile: that
 * one's numbers are sent once more. Owed first: killed between the two, it is only done again.
 */
async function passOn(deps: WriteBackDeps, entry: Stored<OutboxRow>, into: CrmId): Promise<WrittenBack> {
  const { ledger, queues } = deps;
  const { ref, listed } = entry.row;
  const survivor = { kind: ref.kind, crmId: into };
  await ledger.owe(survivor, 'writeback');
  await queues.sendWriteBack(survivor);
  await ledger.removeOwed(ref, 'writeback', entry);
  if (listed) await takeOffList(deps, ref);
  return { outcome: 'dropped' };
}

/** It came with the numbers of another row, and was refused for them. */
async function tryAgain({ ledger, queues, now }: WriteBackDeps, ref: RecordRef): Promise<void> {
  const pending = await ledger.readPending(ref);
  if (pending?.row.failure !== 'match.conflict') return;
  await ledger.movePending(pending, { ...DUE, dueAt: iso(now()) });
  await queues.sendChange(ref);
}

/**
 * Not tried again by itself: a person looks at it, and has it tried again or gives it up. Listed first: killed before
 * the entry is put off, the CRM is only asked once more; the other way round nobody would ever hear of it.
 */
async function list(deps: WriteBackDeps, ref: RecordRef, entry: Stored<OutboxRow>): Promise<WrittenBack> {
  const { ledger, now } = deps;
  const before = await ledger.readFailed(ref);
  // A failure of the record itself comes first: one entry, one pointer.
  if (!before || before.row.code === 'crm.refused') {
    const time = iso(now());
    const count = (before?.row.count ?? 0) + 1;
    await ledger.writeFailed({
      ...emptyFailed,
      ref,
      code: 'crm.refused',
      since: before?.row.since ?? time,
      lastAt: time,
      count,
    });
  }
  // A newer entry is not put off with this one: its numbers have not been refused.
  if ((await ledger.moveOwed(entry, { dueAt: NEVER, listed: true })) === 'conflict') await takeOffList(deps, ref);
  return { outcome: 'failed', code: 'crm.refused' };
}

/** A failure of the record itself stays. */
async function takeOffList({ ledger }: WriteBackDeps, ref: RecordRef): Promise<void> {
  const failed = await ledger.readFailed(ref);
  if (failed?.row.code === 'crm.refused') await ledger.removeFailed(ref);
}

async function later(
  deps: WriteBackDeps,
  entry: Stored<OutboxRow>,
  code: FailureCode,
  {
    retryAfterMs = 0,
    attempts = entry.row.attempts + 1,
  }: { readonly retryAfterMs?: number; readonly attempts?: number },
): Promise<WrittenBack> {
  const { ledger, queues, now, random } = deps;
  const seconds = DELAYS[Math.min(Math.max(attempts, 1), DELAYS.length) - 1] ?? 5;
  const delayMs = Math.max(seconds * 1000 * (0.8 + 0.4 * random()), retryAfterMs);
  // The sweep sends it, should the message be lost.
  const dueAt = iso(now() + delayMs + 60_000);
  if ((await ledger.moveOwed(entry, { attempts, dueAt })) === 'done')
    await queues.sendWriteBack(entry.row.ref, delayMs / 1000);
  return { outcome: 'waiting', code };
}
