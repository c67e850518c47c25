import type { SyncDeps } from '../sync/index.ts';
import type { Receipts } from './receipts.ts';

/** What is held here just now, counted; for the record of processing and for a look now and then. */
export interface PrivacyReport {
  /** Changes whose values are here: on their way, or waiting. */
  readonly withValues: number;
  /** Of those, since when the oldest is here; `''` when there is none. ISO 8601, UTC. */
  readonly oldestValueAt: string;
  /** Of those, for a person: how long they may stay at most. */
  readonly failed: number;
  readonly retentionFailedDays: number;
  /** Records with a link and keyed hashes, without values. */
  readonly known: number;
  /** Of those, deleted in the CRM and kept until their time is over. */
  readonly deleted: number;
  readonly retentionDeletedDays: number;
  readonly restricted: number;
  readonly suppressionEntries: number;
  /** Requests that are not answered yet, and the first deadline among them. */
  readonly openRequests: number;
  readonly nextDeadline: string;
  /** Rows that this version of the program cannot read. */
  readonly unreadable: number;
}

export async function privacyReport(deps: SyncDeps, receipts: Receipts): Promise<PrivacyReport> {
  const { ledger, settings, restrictions, suppressions } = deps;
  const received: string[] = [];
  let [failed, known, deleted, unreadable] = [0, 0, 0, 0];
  await Promise.all(
    ledger.shards.map(async (shard) => {
      for await (const listed of ledger.list(shard, ['pending', 'failed'])) {
        if (listed.is === 'unreadable') unreadable += 1;
        else if (listed.is === 'failed') failed += 1;
        else if (listed.is === 'pending' && !listed.row.expired) received.push(listed.row.receivedAt);
      }
      for await (const state of ledger.listStates(shard)) {
        if (state.is === 'unreadable') continue;
        known += 1;
        if (state.row.deletedAt !== '') deleted += 1;
      }
    }),
  );
  const open = (await receipts.list()).filter(({ endedAt }) => endedAt === '');
  const earliest = (times: readonly string[]): string => times.reduce((a, b) => (a !== '' && a < b ? a : b), '');
  return {
    withValues: received.length,
    oldestValueAt: earliest(received),
    failed,
    retentionFailedDays: settings.RETENTION_FAILED_DAYS,
    known,
    deleted,
    retentionDeletedDays: settings.RETENTION_DELETED_DAYS,
    restricted: (await restrictions.list()).length,
    suppressionEntries: await suppressions.count(),
    openRequests: open.length,
    nextDeadline: earliest(open.map(({ deadline }) => deadline)),
    unreadable,
  };
}
