import { refText, type FailedRow, type Listed } from '../../store/index.ts';
import { openFieldsOf, type OpenFields } from './open-fields-of.ts';
import type { SyncDeps } from '../deps.ts';
import { byRecord, selects, type Selection } from './selection.ts';

export type FailureDeps = Pick<SyncDeps, 'ledger' | 'queues' | 'now'>;

/** A record that waits for a person. */
export interface FailedRecord extends FailedRow {
  /** Its values were deleted when their time was over: the CRM must send it again. */
  readonly payloadExpired: boolean;
}

/** All failures with one code. */
export interface FailureGroup {
  readonly code: string;
  readonly records: number;
  /** ISO 8601, UTC. */
  readonly oldest: string;
  readonly beingReplayed: number;
}

/** Every record that waits for a person, in the order of its id. */
export async function listFailures(
  { ledger, now }: Pick<FailureDeps, 'ledger' | 'now'>,
  selection: Selection = {},
): Promise<readonly FailedRow[]> {
  const fits = selects(selection, now());
  const rows: FailedRow[] = [];
  await eachOf(ledger, ['failed'], (listed) => {
    if (listed.is === 'failed' && fits(listed.row)) rows.push(listed.row);
  });
  return rows.sort((a, b) => byRecord(a.ref, b.ref));
}

/** The same, with whether each can still be replayed, and beside them the records of which only fields wait: one read of each shard. */
export async function readFailures(
  { ledger, now }: Pick<FailureDeps, 'ledger' | 'now'>,
  selection: Selection = {},
): Promise<{ readonly records: readonly FailedRecord[]; readonly fields: readonly OpenFields[] }> {
  const fits = selects(selection, now());
  const rows: FailedRow[] = [];
  const fields: OpenFields[] = [];
  const expired = new Set<string>();
  await eachOf(ledger, ['failed', 'fields', 'pending'], (listed) => {
    if (listed.is === 'fields') fields.push(...openFieldsOf(listed.row).filter(fits));
    if (listed.is === 'failed' && fits(listed.row)) rows.push(listed.row);
    if (listed.is === 'pending' && listed.row.expired) expired.add(refText(listed.row.ref));
  });
  const records = rows
    .sort((a, b) => byRecord(a.ref, b.ref))
    .map((row) => ({ ...row, payloadExpired: expired.has(refText(row.ref)) }));
  return { records, fields: fields.sort((a, b) => byRecord(a.ref, b.ref)) };
}

/** All shards at once: each is a storage request or a few, and a person waits for the answer. */
export async function eachOf(
  ledger: SyncDeps['ledger'],
  kinds: readonly ('outbox' | 'failed' | 'fields' | 'pending')[],
  look: (listed: Listed) => void,
): Promise<void> {
  await Promise.all(
    ledger.shards.map(async (shard) => {
      for await (const listed of ledger.list(shard, kinds)) look(listed);
    }),
  );
}

/** The largest group first. */
export const groupFailures = (rows: readonly FailedRow[]): readonly FailureGroup[] =>
  [...Map.groupBy(rows, ({ code }) => code)]
    .map(([code, members]) => ({
      code,
      records: members.length,
      oldest: members.map((row) => row.since).reduce((a, b) => (a < b ? a : b)),
      beingReplayed: members.filter(({ replayedAt }) => replayedAt !== '').length,
    }))
    .sort((a, b) => b.records - a.records || (a.code < b.code ? -1 : 1));
