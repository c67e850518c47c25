import { refText, type FailedRow } from '../../shared/store/index.ts';
import { FAILURES } from '../../shared/failure.ts';
import { listFailures, type Selection, type SyncDeps } from '../../shared/sync/index.ts';
import type { Context, ExitCode } from '../context.ts';
import { count, json, recordText, since, table } from '../text.ts';

type ListDeps = Pick<SyncDeps, 'ledger' | 'queues' | 'now'>;

interface Group {
  readonly code: string;
  readonly records: number;
  readonly oldest: string;
  readonly beingReplayed: number;
  readonly meaning: string;
  readonly action: string;
}

const aboutCode = (code: string) =>
  code in FAILURES
    ? FAILURES[code as keyof typeof FAILURES]
    : {
        meaning: 'A code of another version of the program.',
        action: 'Look it up in that version’s docs/failures.md.',
      };

/** How many of each code, the largest first, with what to do: the first thing an operator wants to know. */
export async function listGroups(
  { out }: Context,
  deps: ListDeps,
  selection: Selection,
  asJson: boolean,
): Promise<ExitCode> {
  const groups = groupByCode(await listFailures(deps, selection));
  if (asJson) {
    out(json(groups));
  } else if (groups.length === 0) {
    out('Nothing failed.');
  } else {
    for (const { code, records, oldest, beingReplayed, meaning, action } of groups) {
      const again = beingReplayed === 0 ? '' : `, ${beingReplayed} of them being replayed`;
      out(`${code}: ${count(records, 'record')}, oldest ${since(oldest, deps.now())}${again}`);
      out(`  ${meaning} ${action}`);
    }
    out('`failed list --all` shows the records, `failed show customer C-1001` one of them.');
  }
  return 0;
}

function groupByCode(rows: readonly FailedRow[]): readonly Group[] {
  return [...Map.groupBy(rows, ({ code }) => code)]
    .map(([code, members]) => ({
      code,
      records: members.length,
      oldest: members.map((row) => row.since).reduce((a, b) => (a < b ? a : b)),
      beingReplayed: members.filter(({ replayedAt }) => replayedAt !== '').length,
      meaning: aboutCode(code).meaning,
      action: aboutCode(code).action,
    }))
    .sort((a, b) => b.records - a.records);
}

/** One line per record. */
export async function listRecords(
  { out }: Context,
  deps: ListDeps,
  selection: Selection,
  asJson: boolean,
): Promise<ExitCode> {
  const rows = await listFailures(deps, selection);
  const expired = rows.length === 0 ? new Set<string>() : await expiredRecords(deps);
  const stateOf = (row: FailedRow): string => {
    if (row.replayedAt !== '') return 'being replayed';
    return expired.has(refText(row.ref)) ? 'values deleted: the CRM must send it again' : '';
  };
  if (asJson) {
    out(
      json(
        rows.map((row) => {
          const { ref, code, detail, candidates, pointers, lastAt, replayedAt } = row;
          const payloadExpired = expired.has(refText(ref));
          return {
            ...ref,
            code,
            detail,
            since: row.since,
            lastAt,
            count: row.count,
            candidates,
            pointers,
            replayedAt,
            payloadExpired,
          };
        }),
      ),
    );
    return 0;
  }
  if (rows.length === 0) {
    out('Nothing failed.');
    return 0;
  }
  const lines = rows.map((row) => [
    recordText(row.ref),
    row.code,
    since(row.since, deps.now()),
    String(row.count),
    row.candidates.join(' '),
    [...row.pointers, row.detail].filter((text) => text !== '').join(' '),
    stateOf(row),
  ]);
  out(table(['record', 'code', 'since', 'times', 'candidates', 'where', 'state'], lines));
  out(count(rows.length, 'record'));
  return 0;
}

/** Records whose values were deleted when their time was over. */
async function expiredRecords({ ledger }: ListDeps): Promise<ReadonlySet<string>> {
  const expired = new Set<string>();
  for (const shard of ledger.shards) {
    for await (const listed of ledger.list(shard, ['pending'])) {
      if (listed.is === 'pending' && listed.row.expired) expired.add(refText(listed.row.ref));
    }
  }
  return expired;
}
