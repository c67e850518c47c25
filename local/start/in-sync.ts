import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordRef } from '../../shared/record/index.ts';
import { FAILURES, type FailureCode } from '../../shared/failure.ts';
import type { Engine } from '../../shared/engine.ts';
import { refText } from './log-lines.ts';

const LOOK_EVERY_MS = 100;

/** A record that is not in sync, and why as far as the ledger knows. */
export interface Missing {
  readonly record: string;
  readonly reason: string;
  /** Waiting longer will not help: a person is asked. */
  readonly isFinal: boolean;
}

/** Waits until all are applied and their numbers are with the CRM, until nothing more can come, or until the deadline. */
export async function waitUntilInSync(
  runtime: Engine,
  refs: readonly RecordRef[],
  timeoutMs: number,
): Promise<readonly Missing[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const missing = (await Promise.all(refs.map((ref) => lookAt(runtime, ref)))).filter((each) => each !== null);
    if (missing.every(({ isFinal }) => isFinal) || Date.now() >= deadline) return missing;
    await sleep(LOOK_EVERY_MS);
  }
}

async function lookAt({ sync }: Engine, ref: RecordRef): Promise<Missing | null> {
  const record = refText(ref);
  const { pending, state } = await sync.ledger.read(ref);
  if (pending?.row.status === 'planned') {
    return { record, reason: 'planned: SYNC_MODE=plan writes nothing', isFinal: true };
  }
  if (pending?.row.status === 'failed') return { record, reason: meaningOf(pending.row.failure), isFinal: true };
  const flow = await sync.flow.status();
  if (flow.is === 'stopped') {
    const isFinal = FAILURES[flow.code].decision === 'configuration';
    return { record, reason: `${meaningOf(flow.code)}${flow.detail && ` (${flow.detail})`}`, isFinal };
  }
  if (pending?.row.waitingSince) return { record, reason: meaningOf('customer.missing'), isFinal: false };
  if (pending) return { record, reason: 'accepted, not yet in the ERP', isFinal: false };
  if (!state?.row.applied) return { record, reason: 'nothing is known of it', isFinal: false };
  if (await sync.ledger.readOwed(ref, 'writeback')) {
    return { record, reason: 'in the ERP; its numbers are not yet with the CRM', isFinal: false };
  }
  return null;
}

const isCode = (text: string): text is FailureCode => text in FAILURES;

function meaningOf(code: string): string {
  return isCode(code) ? `${code}: ${FAILURES[code].meaning}` : code;
}
