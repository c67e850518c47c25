import { TableClient } from '@azure/data-tables';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AssociateNo } from '../../../shared/record/index.ts';
import {
  createLedger,
  createRows,
  emptyState,
  failedWith,
  type PendingRow,
  type Rows,
} from '../../../shared/store/index.ts';
import { stateAddress } from '../../../shared/store/keys.ts';
import { contact, customer } from '../../kit/world.ts';
import { freshStorageAccount } from '../../kit/azurite.ts';
import { PLACES } from './places.ts';

let rows: Rows;

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 8, minute)).toISOString();
const pending = (crmId: string, over: Partial<PendingRow> = {}): PendingRow => ({
  ref: customer(crmId),
  key: { version: 9_007_199_254_740_991, occurredAt: at(0), eventId: 'e' },
  seen: ['e'],
  body: '{}',
  revision: 'r1',
  receivedAt: at(0),
  dueAt: at(1),
  notBefore: '',
  status: 'due',
  failure: '',
  attempts: 0,
  waitingSince: '',
  expired: false,
  released: false,
  order: '',
  keepsErp: [],
  approved: false,
  traceId: 't',
  ...over,
});

/** The write happens, its answer does not come: the SDK tries again and meets its own write. */
function losingAnswers(): Rows {
  return {
    ...rows,
    insert: async (...args) => (await rows.insert(...args), rows.insert(...args)),
    replace: async (...args) => (await rows.replace(...args), rows.replace(...args)),
    save: async (steps) => (await rows.save(steps), rows.save(steps)),
  };
}

describe.each(PLACES)('the ledger: %s', (_name, start) => {
  beforeAll(async () => {
    rows = (await start()).table('records');
  });

  describe('a row of the ledger', () => {
    it('comes back as it was written, also with a version beyond 32 bits', async () => {
      const ledger = createLedger(rows, Date.now);
      await ledger.writePending(pending('L-1'), null);
      expect((await ledger.read(customer('L-1'))).pending?.row).toEqual(pending('L-1'));
      const state = {
        ...emptyState(customer('L-1')),
        associateNo: 7 as AssociateNo,
        hashes: { city: 'h' },
        failed: true,
      };
      await ledger.writeState(state, null);
      expect((await ledger.readState(customer('L-1')))?.row).toMatchObject({
        ...state,
        saveId: expect.any(String) as string,
      });
    });

    it('of a customer is not that of the contact with the same id', async () => {
      const ledger = createLedger(rows, Date.now);
      await ledger.writeState(emptyState(customer('L-2')), null);
      expect(await ledger.readState(contact('L-2'))).toBeNull();
    });

    it('is refused to the second of two writers', async () => {
      const ledger = createLedger(rows, Date.now);
      const first = await ledger.writeState(emptyState(customer('L-3')), null);
      expect(await ledger.writeState(emptyState(customer('L-3')), null)).toBe('conflict');
      if (first === 'conflict') throw new Error('no row');
      await ledger.writeState({ ...first.row, failed: true }, first);
      expect(await ledger.writeState({ ...first.row, emptied: true }, first)).toBe('conflict');
      expect((await ledger.readState(customer('L-3')))?.row).toMatchObject({ failed: true, emptied: false });
    });
  });

  describe('the echo of an own write whose answer was lost', () => {
    it('is no conflict: pending, state and save', async () => {
      const ledger = createLedger(losingAnswers(), Date.now);
      const ref = customer('E-1');
      const etag = await ledger.writePending(pending('E-1'), null);
      expect(etag).toEqual(expect.any(String));
      const created = await ledger.writeState(emptyState(ref), null);
      if (created === 'conflict') throw new Error('an echo was taken for a conflict');
      const replaced = await ledger.writeState({ ...created.row, leaseEpoch: 2 }, created);
      if (replaced === 'conflict') throw new Error('an echo was taken for a conflict');
      expect(await ledger.save({ ...replaced.row, leaseEpoch: 3 }, replaced, { owed: ['wake'] })).toBe('done');
      expect((await ledger.readState(ref))?.row.leaseEpoch).toBe(3);
    });

    it('another’s write is one', async () => {
      const ledger = createLedger(rows, Date.now);
      const created = await ledger.writeState(emptyState(customer('E-2')), null);
      if (created === 'conflict') throw new Error('no row');
      await ledger.writeState({ ...created.row, leaseEpoch: 5 }, created);
      expect(await ledger.save(created.row, created, {})).toBe('conflict');
      expect(await ledger.writePending(pending('E-3'), null)).toEqual(expect.any(String));
      expect(await ledger.writePending(pending('E-3', { revision: 'r2' }), null)).toBe('conflict');
    });
  });

  describe('a save', () => {
    it('brings state, entries, failure and the pending row, or none of them', async () => {
      const ledger = createLedger(rows, Date.now);
      const ref = customer('S-1');
      await ledger.writePending(pending('S-1'), null);
      const state = await ledger.writeState(emptyState(ref), null);
      const record = await ledger.read(ref);
      if (state === 'conflict' || !record.pending) throw new Error('no rows');
      // Intake is quicker.
      await ledger.writePending(pending('S-1', { revision: 'r2' }), record.pending);
      const late = { pending: { at: record.pending, to: failedWith('x') }, owed: ['poison'] as const };
      expect(await ledger.save({ ...state.row, failed: true }, state, late)).toBe('conflict');
      expect(await ledger.readOwed(ref, 'poison')).toBeNull();
      expect((await ledger.readState(ref))?.row.failed).toBe(false);
    });

    it('deletes the pending row that was applied, and not a newer one', async () => {
      const ledger = createLedger(rows, Date.now);
      const ref = customer('S-3');
      await ledger.writePending(pending('S-3'), null);
      const state = await ledger.writeState({ ...emptyState(ref), failed: true }, null);
      const old = await ledger.readPending(ref);
      if (state === 'conflict' || !old) throw new Error('no rows');
      await ledger.writePending(pending('S-3', { revision: 'r2' }), old);
      expect(await ledger.save(state.row, state, { applied: old, failed: 'none' })).toBe('conflict');
      const newer = await ledger.readPending(ref);
      if (!newer) throw new Error('the newer one is gone');
      // The failure that the state speaks of was taken off the list by hand.
      expect(await ledger.save(state.row, state, { applied: newer, failed: 'none' })).toBe('done');
      expect(await ledger.read(ref)).toMatchObject({ pending: null, state: { row: { failed: false } } });
    });

    it('takes a failure off the list, also one that a person took off already', async () => {
      const ledger = createLedger(rows, Date.now);
      const ref = customer('S-2');
      const state = await ledger.writeState({ ...emptyState(ref), failed: true }, null);
      if (state === 'conflict') throw new Error('no row');
      expect(await ledger.save(state.row, state, { failed: 'none' })).toBe('done');
      expect((await ledger.readState(ref))?.row.failed).toBe(false);
    });
  });

  describe('a claim', () => {
    it('is one record’s: who asks first has it, asks again and still has it', async () => {
      const ledger = createLedger(rows, Date.now);
      const no = 4_711 as AssociateNo;
      const asked = await Promise.all(['A', 'B', 'C'].map((crmId) => ledger.claimAssociate(no, customer(crmId))));
      expect(asked.filter(Boolean)).toHaveLength(1);
      const holder = await ledger.holderOf(no);
      const winner = customer(holder?.split('|')[1] ?? '');
      expect(await ledger.claimAssociate(no, winner)).toBe(true);
      await ledger.releaseAssociate(no, customer('nobody'));
      expect(await ledger.holderOf(no)).toBe(holder);
      await ledger.releaseAssociate(no, winner);
      expect(await ledger.claimAssociate(no, customer('D'))).toBe(true);
    });

    it('for a time is free when the time is over, and is the holder’s to renew', async () => {
      const ledger = createLedger(rows, Date.now);
      const first = await ledger.claimUntil('org|x', 'A', at(5), at(0));
      expect(await ledger.claimUntil('org|x', 'B', at(9), at(4))).toBeNull();
      expect(await ledger.claimUntil('org|x', 'A', at(8), at(4))).not.toBeNull();
      expect(await ledger.claimUntil('org|x', 'B', at(20), at(7))).toBeNull();
      const second = await ledger.claimUntil('org|x', 'B', at(20), at(8));
      if (!first || !second) throw new Error('not claimed');
      await ledger.releaseClaim(first);
      expect(await ledger.claimUntil('org|x', 'C', at(20), at(9))).toBeNull();
      await ledger.releaseClaim(second);
      expect(await ledger.claimUntil('org|x', 'C', at(20), at(9))).not.toBeNull();
    });
  });

  describe('the waiting list of a customer', () => {
    it('holds its own contacts only, also where one id begins with the other', async () => {
      const ledger = createLedger(rows, Date.now);
      await ledger.insertWait(customer('W'), contact('P-1'));
      await ledger.insertWait(customer('W'), contact('P-1'));
      await ledger.insertWait(customer('W-1'), contact('P-2'));
      await ledger.insertWait(customer('W:1'), contact('P-3'));
      expect(await ledger.waitingFor(customer('W'))).toEqual(['P-1']);
      await ledger.removeWait(customer('W'), contact('P-1'));
      expect(await ledger.waitingFor(customer('W'))).toEqual([]);
    });
  });

  describe('an entry of the outbox', () => {
    it('that was owed anew meanwhile is not paid with the old one', async () => {
      const ledger = createLedger(rows, Date.now);
      const ref = customer('D-1');
      const state = await ledger.writeState(emptyState(ref), null);
      if (state === 'conflict') throw new Error('no row');
      await ledger.save(state.row, state, { owed: ['writeback'] });
      const old = await ledger.readOwed(ref, 'writeback');
      const again = await ledger.readState(ref);
      if (!old || !again) throw new Error('no entry');
      await ledger.save(again.row, again, { owed: ['writeback'] });
      expect(await ledger.removeOwed(ref, 'writeback', old)).toBe('conflict');
      expect(await ledger.readOwed(ref, 'writeback')).not.toBeNull();
      await ledger.removeOwed(ref, 'writeback');
      expect(await ledger.readOwed(ref, 'writeback')).toBeNull();
    });
  });

  describe('a list', () => {
    it('keeps the columns that a newer version wrote into a state', async () => {
      const ref = customer('Q-3');
      const table = TableClient.fromConnectionString(await freshStorageAccount(), 'records', {
        allowInsecureConnection: true,
      });
      const fresh = createLedger(createRows(table), Date.now);
      const state = await fresh.writeState(emptyState(ref), null);
      if (state === 'conflict') throw new Error('no row');
      const at = stateAddress(ref);
      await table.updateEntity({ ...at, fromTomorrow: 'kept' }, 'Merge');
      const seen = await fresh.readState(ref);
      if (!seen) throw new Error('no row');
      await fresh.writeState({ ...seen.row, emptied: true }, seen);
      const again = await fresh.readState(ref);
      if (!again) throw new Error('no row');
      await fresh.save(again.row, again, { owed: ['wake'] });
      expect(await table.getEntity(at.partitionKey, at.rowKey)).toMatchObject({ fromTomorrow: 'kept', emptied: true });
    });

    it('finds each kind by itself and all together', async () => {
      const fresh = createLedger((await start()).table('records'), Date.now);
      const ref = customer('Q-2');
      await fresh.writePending(pending('Q-2'), null);
      const state = await fresh.writeState(emptyState(ref), null);
      if (state === 'conflict') throw new Error('no row');
      await fresh.save(state.row, state, { owed: ['wake', 'poison'] });
      const kinds = async (...wanted: Parameters<typeof fresh.list>[1] & object) => {
        const found: string[] = [];
        for (const shard of fresh.shards) for await (const { is } of fresh.list(shard, wanted)) found.push(is);
        return found;
      };
      expect(await kinds('outbox')).toEqual(['outbox', 'outbox']);
      expect(await kinds('failed')).toEqual([]);
      expect(await kinds('pending')).toEqual(['pending']);
      expect(await kinds('outbox', 'failed', 'pending')).toEqual(['outbox', 'outbox', 'pending']);
    });
  });
});

describe('every list', () => {
  it('asks for one partition and a range of keys, and never for the values', async () => {
    const connectionString = await freshStorageAccount();
    const table = TableClient.fromConnectionString(connectionString, 'records', { allowInsecureConnection: true });
    const asked: { filter: string; select: readonly string[] | undefined }[] = [];
    const spied = new Proxy(table, {
      get(target, name, receiver) {
        if (name !== 'listEntities') return Reflect.get(target, name, receiver) as unknown;
        return (options: Parameters<TableClient['listEntities']>[0]) => {
          const { filter = '', select } = options?.queryOptions ?? {};
          asked.push({ filter, select });
          return target.listEntities(options);
        };
      },
    });
    const ledger = createLedger(createRows(spied), Date.now);
    await ledger.writePending(pending('Q-1'), null);
    const bodies: string[] = [];
    for (const shard of ledger.shards) {
      for await (const listed of ledger.list(shard)) if (listed.is === 'pending') bodies.push(listed.row.body);
      for await (const { is } of ledger.list(shard, ['failed'])) expect(is).toBe('failed');
      for await (const { is } of ledger.listStates(shard)) expect(is).toBe('state');
    }
    await ledger.waitingFor(customer('Q-1'));
    expect(asked).toHaveLength(ledger.shards.length * 3 + 1);
    for (const { filter } of asked) {
      expect(filter).toMatch(/^PartitionKey eq 's\d\d' and RowKey ge '[^']+' and RowKey lt '[^']+'$/);
    }
    expect(asked.every(({ select }) => !select?.includes('body'))).toBe(true);
    expect(bodies.length).toBeGreaterThan(0);
    expect(bodies.every((body) => body === '')).toBe(true);
  });
});
