import type { FlowStatus } from '../../shared/flow/index.ts';
import type { FailedRow, PendingRow } from '../../shared/store/index.ts';
import type { Runtime } from '../../shared/runtime.ts';
import { QUEUES } from '../../shared/storage-names.ts';
import { needsPerson } from '../flow-text.ts';
import { tally } from '../text.ts';

export interface Status {
  readonly mode: 'write' | 'plan';
  readonly flow: FlowStatus;
  /** The CRM's side of the write-back; null when no numbers are written back. */
  readonly crmFlow: FlowStatus | null;
  readonly queues: Readonly<Record<string, number>>;
  /** Changes not yet applied that need nobody. */
  readonly pending: number;
  readonly oldestPendingAt: string | null;
  /** Of those: contacts that wait for their customer, and records that wait for their next attempt. */
  readonly waitingForCustomer: number;
  readonly waitingForNextAttempt: number;
  /** Decided under SYNC_MODE=plan; written once the mode is write. */
  readonly planned: number;
  /** Numbers the CRM has not taken yet. */
  readonly writeBacksOwed: number;
  /** Due for minutes and not fed: the sweep does not seem to run. */
  readonly overdue: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly beingReplayed: number;
  /** Rows of the ledger that this version of the program cannot read. */
  readonly unreadable: number;
  readonly needsPerson: boolean;
}

/** The sweep runs every SWEEP_SECONDS; after a few of them, and the time a message may hide, nobody has looked. */
const MISSED_SWEEPS = 3;
const GRACE_MS = 120_000;

export async function readStatus({ sync, settings, writeBack }: Runtime): Promise<Status> {
  const { ledger, queues, flow, now } = sync;
  const pending: PendingRow[] = [];
  const failed: FailedRow[] = [];
  let writeBacksOwed = 0;
  let unreadable = 0;
  for (const shard of ledger.shards) {
    for await (const listed of ledger.list(shard)) {
      if (listed.is === 'unreadable') unreadable += 1;
      else if (listed.is === 'pending') pending.push(listed.row);
      else if (listed.is === 'failed') failed.push(listed.row);
      else if (listed.row.what === 'writeback') writeBacksOwed += 1;
    }
  }
  const time = new Date(now()).toISOString();
  const lateBefore = new Date(now() - MISSED_SWEEPS * settings.SWEEP_SECONDS * 1000 - GRACE_MS).toISOString();
  const open = pending.filter(({ settled }) => settled === '');
  const erpFlow = await flow.status();
  const crmFlow = settings.CRM_API_URL === undefined ? null : await writeBack.flow.status();
  const depths = await queues.depths();
  // A full queue is fed no further, however long its messages are due.
  const isBusy = (depths[QUEUES.changes] ?? 0) > 0 || erpFlow.is !== 'open';
  const overdue = isBusy ? 0 : open.filter(({ dueAt }) => dueAt < lateBefore).length;
  return {
    mode: sync.settings.SYNC_MODE,
    flow: erpFlow,
    crmFlow,
    queues: depths,
    pending: open.length,
    oldestPendingAt: open.map(({ receivedAt }) => receivedAt).sort()[0] ?? null,
    waitingForCustomer: open.filter(({ waitingSince }) => waitingSince !== '').length,
    waitingForNextAttempt: open.filter(({ notBefore, waitingSince }) => waitingSince === '' && notBefore > time).length,
    planned: pending.filter(({ settled }) => settled === 'plan').length,
    writeBacksOwed,
    overdue,
    failures: tally(failed.map(({ code }) => code)),
    beingReplayed: failed.filter(({ replayedAt }) => replayedAt !== '').length,
    unreadable,
    needsPerson:
      overdue > 0 ||
      unreadable > 0 ||
      needsPerson(erpFlow) ||
      (crmFlow !== null && needsPerson(crmFlow)) ||
      failed.some(({ replayedAt }) => replayedAt === ''),
  };
}
