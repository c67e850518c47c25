import type { Failure } from '../../failure.ts';
import { emptyFailed, failedWith, type FailedRow } from '../../store/index.ts';
import { sendOwed } from '../upkeep/outbox.ts';
import { iso, NEVER } from '../deps.ts';
import type { Attempt } from './attempt.ts';
import type { Applied } from './outcome.ts';

/** Lists the record as failed: a person must look at it. Its newest state stays with it, for the replay. */
export async function settle({ deps, lease, pending }: Attempt, { code, details }: Failure): Promise<Applied> {
  const { ref } = pending.row;
  const before = lease.state.failed ? await deps.ledger.readFailed(ref) : null;
  const now = iso(deps.now());
  const failed: FailedRow = {
    ...emptyFailed,
    ref,
    code,
    detail: details.detail ?? '',
    candidates: details.candidates ?? [],
    pointers: details.pointers ?? [],
    since: before?.row.since ?? now,
    lastAt: now,
    count: (before?.row.count ?? 0) + 1,
    pointerId: before?.row.pointerId ?? '',
    pointerReceipt: before?.row.pointerReceipt ?? '',
  };
  const ending = await lease.end(
    {},
    {
      failed,
      owed: failed.pointerId === '' ? ['poison'] : [],
      pending: { at: pending, to: { ...failedWith(code), dueAt: NEVER } },
    },
  );
  if (ending !== 'saved') {
    await deps.queues.sendChange(ref);
    return { outcome: 'left', code: 'lease.held' };
  }
  await sendOwed(deps, ref, ['poison']);
  const { detail, traceId } = details;
  return {
    outcome: 'failed',
    code,
    ...(detail !== undefined && { detail }),
    ...(traceId !== undefined && { traceId }),
  };
}
