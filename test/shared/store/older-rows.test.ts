import { describe, expect, it } from 'vitest';
import {
  createLedger,
  DUE,
  emptyState,
  failedWith,
  PLANNED,
  WAITING,
  type PendingMoves,
} from '../../../shared/store/index.ts';
import { MemoryStorage } from '../../kit/memory-storage.ts';
import { customer } from '../../kit/world.ts';

/*
 * Rows as version 0.1.0 wrote them to a company's storage: what a newer version finds there on its first day.
 */

const C1 = customer('C-1');
const KEY = '{"version":3,"occurredAt":"2026-11-01T08:00:00.000Z","eventId":"evt-3"}';
const STATE = {
  ...{ kind: 'customer', crmId: 'C-1', leaseOwner: '', leaseUntil: '', leaseEpoch: 4 },
  ...{ associateNo: 101, customerNo: 10_001, parentNo: 0, createdHere: true, linkIsNew: false, emptied: false },
  ...{ applied: KEY, appliedSeen: '["evt-3"]', deletedAt: '', hashes: '{"companyName":"h"}', intent: 'null' },
  ...{ lastWriteAt: '2026-11-01T08:00:02.000Z', failed: false, saveId: 'a' },
};
const PENDING = {
  ...{ kind: 'customer', crmId: 'C-1', key: KEY, seen: '["evt-3"]', body: '{}', revision: 'r', traceId: 't' },
  ...{ receivedAt: '2026-11-01T08:00:00.000Z', dueAt: '2026-11-01T08:01:00.000Z', notBefore: '', settled: '' },
  ...{ attempts: 0, waitingSince: '', expired: false, released: false },
};
const DEBT = {
  ...{ kind: 'customer', crmId: 'C-1', what: 'writeback', dueAt: '2026-11-01T08:00:30.000Z', attempts: 1 },
  since: '2026-11-01T08:00:00.000Z',
};

const found = async (rowKey: string, row: Record<string, unknown>) => (await store(rowKey, row)).ledger;

async function store(rowKey: string, row: Record<string, unknown>) {
  const rows = new MemoryStorage(Date.now).ports().table('records');
  const ledger = createLedger(rows, Date.now);
  for (const partitionKey of ledger.shards) await rows.insert({ partitionKey, rowKey }, row);
  return { rows, ledger };
}

describe('a row of an older version is read', () => {
  it.each([
    ['', '', false],
    ['101/10001/0', '101/10001/0', false],
    ['untold 101/10001/0', '101/10001/0', true],
  ])('a state whose numbers were %j', async (stored, numbersOwed, awaitsCrmUrl) => {
    const ledger = await found('state|customer|C-1', { ...STATE, numbersOwed: stored });
    const state = await ledger.readState(C1);
    expect(state?.row).toMatchObject({ associateNo: 101, customerNo: 10_001, parentNo: null, leaseEpoch: 4 });
    expect(state?.row).toMatchObject({ numbersOwed, awaitsCrmUrl, crashes: 0, hashes: { companyName: 'h' } });
  });

  it.each([
    ['to be tried', {}, { status: 'due', failure: '' }],
    ['put off', { notBefore: '2026-11-01T08:10:00.000Z' }, { status: 'waiting', failure: '' }],
    ['that waits for its customer', { waitingSince: '2026-11-01T08:00:00.000Z' }, { status: 'waiting', failure: '' }],
    ['that was planned', { settled: 'plan' }, { status: 'planned', failure: '' }],
    ['that failed', { settled: 'match.conflict' }, { status: 'failed', failure: 'match.conflict' }],
  ])('a pending change %s', async (_, columns, standing) => {
    const ledger = await found('pending|customer|C-1', { ...PENDING, ...columns });
    expect((await ledger.readPending(C1))?.row).toMatchObject({ ref: C1, seen: ['evt-3'], revision: 'r', ...standing });
    for await (const listed of ledger.list(ledger.shards[0] ?? '')) {
      expect(listed).toMatchObject({ is: 'pending', row: standing });
    }
  });

  it.each([
    ['before there was a choice', {}, []],
    ['that said no', { keepsErp: false }, []],
    ['that said yes to every field', { keepsErp: true }, 'all'],
  ])('a pending change %s of whose values stay', async (_, columns, keepsErp) => {
    const ledger = await found('pending|customer|C-1', { ...PENDING, ...columns });
    expect((await ledger.readPending(C1))?.row).toMatchObject({ keepsErp });
  });

  it('numbers that are owed to the CRM, which are then read from the state; and such as it refused', async () => {
    const owed = await found('debt|writeback|customer|C-1', DEBT);
    expect((await owed.readOwed(C1, 'writeback'))?.row).toMatchObject({ attempts: 1, wakes: false, listed: false });
    expect((await owed.readOwed(C1, 'writeback'))?.row.numbers).toBeNull();
    const refused = await found('debt|writeback|customer|C-1', { ...DEBT, dueAt: '9999-12-31T00:00:00.000Z' });
    expect((await refused.readOwed(C1, 'writeback'))?.row.listed).toBe(true);
  });
});

describe('while an older version runs beside this one, or after it', () => {
  const ROW_KEY = 'pending|customer|C-1';

  async function moved(standing: PendingMoves) {
    const { rows, ledger } = await store(ROW_KEY, PENDING);
    const at = await ledger.readPending(C1);
    if (!at || (await ledger.movePending(at, standing)) === 'conflict') throw new Error('not moved');
    return { rows, ledger };
  }

  it.each([
    ['to be tried', DUE, ['']],
    ['put off', WAITING, ['']],
    ['planned', PLANNED, ['', 'plan']],
    ['failed', failedWith('match.conflict'), ['', 'match.conflict']],
  ])('it reads that a change is %s', async (_, standing, expected) => {
    const { rows, ledger } = await moved(standing);
    const columns = new Set<unknown>();
    for (const partitionKey of ledger.shards) {
      await rows.get({ partitionKey, rowKey: ROW_KEY }, ({ etag, settled }) => {
        columns.add(settled);
        return { etag, row: settled };
      });
    }
    expect([...columns].sort()).toEqual(expected);
  });

  it.each([
    ['all', true],
    [['city'], true],
    [[], false],
  ] as const)('one that knows no fields lets every value stay where some do: %j', async (keepsErp, expected) => {
    const { rows, ledger } = await moved({ keepsErp });
    expect((await ledger.readPending(C1))?.row.keepsErp).toEqual(keepsErp);
    const columns = new Set<unknown>();
    for (const partitionKey of ledger.shards) {
      await rows.get({ partitionKey, rowKey: ROW_KEY }, ({ etag, keepsErp: stays }) => {
        columns.add(stays);
        return { etag, row: stays };
      });
    }
    expect(columns).toContain(expected);
  });

  it.each([true, false])('it reads whether numbers wait for a CRM_API_URL: %s', async (awaitsCrmUrl) => {
    const { rows, ledger } = await store('other', {});
    const written = await ledger.writeState({ ...emptyState(C1), numbersOwed: '101/10001/0', awaitsCrmUrl }, null);
    expect(written).not.toBe('conflict');
    expect((await ledger.readState(C1))?.row.awaitsCrmUrl).toBe(awaitsCrmUrl);
    const columns: unknown[] = [];
    for (const partitionKey of ledger.shards) {
      const at = { partitionKey, rowKey: 'state|customer|C-1' };
      await rows.get(at, ({ etag, numbersOwed, untold }) => {
        columns.push([numbersOwed, untold]);
        return { etag, row: untold };
      });
    }
    expect(columns).toEqual([['101/10001/0', awaitsCrmUrl]]);
  });

  it.each([
    ['', { status: 'due', failure: '' }],
    ['plan', { status: 'planned', failure: '' }],
    ['link.gone', { status: 'failed', failure: 'link.gone' }],
  ])('what it writes counts: %j', async (settled, standing) => {
    const { rows, ledger } = await moved(failedWith('match.conflict'));
    for (const partitionKey of ledger.shards) {
      await rows.save([{ do: 'put-merge', at: { partitionKey, rowKey: ROW_KEY }, row: { settled } }]);
    }
    expect((await ledger.readPending(C1))?.row).toMatchObject(standing);
  });
});
