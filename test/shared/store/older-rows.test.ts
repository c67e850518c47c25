import { describe, expect, it } from 'vitest';
import { createLedger } from '../../../shared/store/index.ts';
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

async function found(rowKey: string, row: Record<string, unknown>) {
  const rows = new MemoryStorage(Date.now).ports().table('records');
  const ledger = createLedger(rows, Date.now);
  for (const partitionKey of ledger.shards) await rows.insert({ partitionKey, rowKey }, row);
  return ledger;
}

describe('a row of an older version is read', () => {
  it.each([
    ['', '', false],
    ['101/10001/0', '101/10001/0', false],
    ['untold 101/10001/0', '101/10001/0', true],
  ])('a state whose numbers were %j', async (stored, numbersOwed, untold) => {
    const ledger = await found('state|customer|C-1', { ...STATE, numbersOwed: stored });
    const state = await ledger.readState(C1);
    expect(state?.row).toMatchObject({ associateNo: 101, customerNo: 10_001, parentNo: null, leaseEpoch: 4 });
    expect(state?.row).toMatchObject({ numbersOwed, untold, crashes: 0, hashes: { companyName: 'h' } });
  });

  it('a pending change', async () => {
    const ledger = await found('pending|customer|C-1', PENDING);
    expect((await ledger.readPending(C1))?.row).toMatchObject({ ref: C1, seen: ['evt-3'], settled: '', revision: 'r' });
  });

  it('numbers that are owed to the CRM, which are then read from the state; and such as it refused', async () => {
    const owed = await found('debt|writeback|customer|C-1', DEBT);
    expect((await owed.readDebt(C1, 'writeback'))?.row).toMatchObject({ attempts: 1, wakes: false, listed: false });
    expect((await owed.readDebt(C1, 'writeback'))?.row.numbers).toBeNull();
    const refused = await found('debt|writeback|customer|C-1', { ...DEBT, dueAt: '9999-12-31T00:00:00.000Z' });
    expect((await refused.readDebt(C1, 'writeback'))?.row.listed).toBe(true);
  });
});
