import { afterEach, describe, expect, it, vi } from 'vitest';
import { applyChange, sweep, type SyncDeps } from '../../../shared/sync/index.ts';
import type { AssociateNo } from '../../../shared/record/index.ts';
import { Lease } from '../../../shared/sync/attempt/lease.ts';
import { customer, startWorld, type World, type WorldOptions } from '../../kit/world.ts';
import { customerEvent } from '../../kit/events.ts';

let world: World;
const start = async (options?: WorldOptions) => (world = await startWorld({ storage: 'azurite', ...options }));
afterEach(() => world.stop());
const listed = async () => (await world.failures()).map(({ ref, code }) => `${ref.crmId} ${code}`);
const C1 = customer('C-1');
const number = (no: number) => no as AssociateNo;

async function hold(deps: SyncDeps = world.sync): Promise<Lease> {
  const lease = await Lease.acquire(deps, C1, await deps.ledger.readState(C1));
  if (!(lease instanceof Lease)) throw new Error('another has the lease');
  return lease;
}
/** A little longer than a lease lasts. */
const leaseMs = () => (world.sync.settings.LEASE_SECONDS + 1) * 1000;
const link = (no: number) => ({ associateNo: number(no), createdHere: true });

describe('a lease', () => {
  it('held by another makes the message leave, at no cost', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await hold();
    expect(await world.apply(C1)).toEqual({ outcome: 'left', code: 'lease.held' });
    expect(await world.pending()).toMatchObject([{ attempts: 0, status: 'due' }]);
    expect(world.sandbox.requests.counts.http.graphql).toBe(0);
  });

  it('whose holder died is over in time, and the sweep brings the record back', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await hold();
    world.advance(leaseMs());
    expect((await sweep(world.sync))?.fed).toBe(1);
    expect(await world.apply(C1)).toMatchObject({ outcome: 'created' });
  });

  it('goes to one of many who ask at once', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => world.apply(C1)));
    expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(world.sandbox.rows()).toHaveLength(1);
  });

  it('that is gone lets nothing be sent', async () => {
    await start();
    const late = await hold();
    world.advance(leaseMs());
    await hold();
    expect(await late.intend('create', 'r-1')).toBe(false);
    expect(await late.keep({ emptied: true })).toBe(false);
    expect((await world.state(C1))?.intent).toBeNull();
  });

  it('lets nothing be sent when a former holder has saved its link meanwhile', async () => {
    await start();
    const late = await hold();
    world.advance(leaseMs());
    const holder = await hold();
    late.stage(link(7));
    expect(await late.end({})).toBe('lost');
    expect((await world.state(C1))?.associateNo).toBe(7);
    expect(await holder.intend('create', 'r-1')).toBe(false);
  });
});

describe('a holder whose lease ran out', () => {
  it('still saves its link, and the present holder keeps it', async () => {
    await start();
    const late = await hold();
    world.advance(leaseMs());
    const holder = await hold();
    late.stage(link(7));
    expect(await late.end({ applied: null })).toBe('lost');
    expect(await holder.end({})).toBe('saved');
    expect(await world.state(C1)).toMatchObject({ associateNo: 7, createdHere: true, leaseOwner: '' });
  });

  it('never writes anything else over the present holder’s state', async () => {
    await start();
    const late = await hold();
    world.advance(leaseMs());
    const holder = await hold();
    expect(await late.end({ deletedAt: '2026-01-01T00:00:00.000Z' })).toBe('lost');
    expect(await holder.end({ lastWriteAt: '2026-01-02T00:00:00.000Z' })).toBe('saved');
    expect(await world.state(C1)).toMatchObject({ deletedAt: '', lastWriteAt: '2026-01-02T00:00:00.000Z' });
  });

  it('and has another row than the present holder is listed as a conflict with both numbers', async () => {
    await start();
    const late = await hold();
    world.advance(leaseMs());
    const holder = await hold();
    holder.stage(link(8));
    expect(await holder.end({})).toBe('saved');
    late.stage(link(7));
    expect(await late.end({})).toBe('lost');
    expect((await world.state(C1))?.associateNo).toBe(8);
    expect(await world.failures()).toMatchObject([{ code: 'match.conflict', candidates: [7, 8] }]);
    expect(await world.messages('changesPoison')).toHaveLength(1);
  });

  it('and was first with another row makes the present holder’s attempt a conflict', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    const late = await hold();
    world.advance(leaseMs());
    const { erp } = world.sync;
    const meanwhile: typeof erp = {
      ...erp,
      async create(row, beforeSend) {
        const written = await erp.create(row, beforeSend);
        late.stage(link(7));
        await late.end({});
        return written;
      },
    };
    expect(await applyChange({ ...world.sync, erp: meanwhile }, C1)).toMatchObject({ code: 'match.conflict' });
    expect(await listed()).toEqual(['C-1 match.conflict']);
  });
});

/** What so many processes leave that died over the record: each a lease that ran out without an end. */
async function die(times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    await hold();
    world.advance(leaseMs());
  }
}

describe('a crash', () => {
  it('four times in a row is no accident, and one that came to an end between them begins the count anew', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await die(3);
    await (await hold()).end({});
    await die(3);
    expect((await world.state(C1))?.crashes).toBe(2);
    expect(await listed()).toEqual([]);
  });

  it('is not what storage that goes away in the middle of each try looks like', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    const { ledger } = world.sync;
    const away = Object.assign(new Error('ServerBusy'), { name: 'RestError', statusCode: 503 });
    for (let tries = 0; tries < 6; tries += 1) {
      const save = vi.spyOn(ledger, 'save').mockRejectedValue(away);
      expect(await applyChange(world.sync, C1)).toMatchObject({ code: 'storage.unavailable' });
      save.mockRestore();
      world.advance(leaseMs() + world.sync.settings.NXT_TIMEOUT_SECONDS * 1000);
    }
    expect((await world.state(C1))?.crashes).toBe(0);
    await world.drain();
    expect(await listed()).toEqual([]);
    expect(world.sandbox.rows()).toHaveLength(1);
  });

  it('is suspected before the last try’s work, and the suspicion is taken back by success', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    const { erp } = world.sync;
    const seen: string[] = [];
    const watching: typeof erp = {
      ...erp,
      async find(selector) {
        seen.push(...(await listed()));
        return erp.find(selector);
      },
    };
    await die(4);
    expect(await applyChange({ ...world.sync, erp: watching }, C1)).toMatchObject({ outcome: 'created' });
    expect(seen).toEqual(['C-1 crash.suspected']);
    expect(await listed()).toEqual([]);
    expect(await world.pending()).toEqual([]);
  });

  it('at the last try leaves the record listed, and a newer event brings it back', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    const { erp } = world.sync;
    let reached: () => void = () => undefined;
    const there = new Promise<void>((resolve) => (reached = resolve));
    const dying: typeof erp = {
      ...erp,
      find() {
        reached();
        return new Promise(() => undefined);
      },
    };
    await die(4);
    void applyChange({ ...world.sync, erp: dying }, C1);
    await there;
    world.advance(leaseMs());
    expect(await listed()).toEqual(['C-1 crash.suspected']);
    expect(await world.apply(C1)).toEqual({ outcome: 'listed' });
    await world.send(customerEvent('C-1', {}, { version: 2 }));
    await world.drain();
    expect(await listed()).toEqual([]);
    expect(world.sandbox.rows()).toHaveLength(1);
  });

  it('after the ERP’s create and before our note of it makes no second row', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    const dying: SyncDeps = {
      ...world.sync,
      ledger: { ...world.sync.ledger, claimAssociate: () => Promise.reject(new Error('killed')) },
    };
    // What a kill leaves: the intent, and neither claim nor link.
    const { ledger } = world.sync;
    const killed: SyncDeps = { ...dying, ledger: { ...dying.ledger, save: () => new Promise(() => undefined) } };
    void applyChange(killed, C1);
    while (world.sandbox.rows().length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await ledger.readState(C1))?.row).toMatchObject({ associateNo: null, intent: { kind: 'create' } });
    world.advance(400_000);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
    expect(await world.state(C1)).toMatchObject({ createdHere: true });
  });
});

describe('what fails after the state was saved', () => {
  it('is owed, and takes nothing back', async () => {
    await start({ settings: { CRM_API_URL: 'http://127.0.0.1:9', CRM_API_TOKEN: 't' } });
    await world.send(customerEvent('C-1'));
    const queues = { ...world.sync.queues, sendWriteBack: () => Promise.reject(new Error('no role for queues')) };
    await expect(applyChange({ ...world.sync, queues }, C1)).rejects.toThrow('no role for queues');
    expect(await world.state(C1)).toMatchObject({ applied: { version: 1 }, leaseUntil: '' });
    expect(await world.sync.ledger.readOwed(C1, 'writeback')).not.toBeNull();
    expect(await world.send(customerEvent('C-1', {}, { version: 1 }))).toMatchObject([{ status: 'repeated' }]);
    expect(await world.failures()).toEqual([]);
  });
});

describe('a burst of edits', () => {
  it('becomes one or two writes, and the last state stands', async () => {
    await start();
    await world.send(customerEvent('C-1', { city: 'By 0' }));
    await world.apply(C1);
    for (let edit = 1; edit <= 30; edit += 1) {
      await world.send(customerEvent('C-1', { city: `By ${edit}` }, { version: edit + 1 }));
      await world.apply(C1);
    }
    await world.drain();
    const { create, update } = world.sandbox.requests.counts.operations;
    expect(create + update).toBeLessThanOrEqual(2);
    expect(world.sandbox.rows()).toMatchObject([{ postalArea: 'By 30' }]);
  });

  it('an edit that comes while the one before is being written is not lost', async () => {
    await start();
    await world.send(customerEvent('C-1', { city: 'Larvik' }));
    const { erp } = world.sync;
    const meanwhile: typeof erp = {
      ...erp,
      async create(row, beforeSend) {
        const written = await erp.create(row, beforeSend);
        await world.send(customerEvent('C-1', { city: 'Stavern' }, { version: 2 }));
        return written;
      },
    };
    await applyChange({ ...world.sync, erp: meanwhile }, C1);
    expect(await world.pending()).toHaveLength(1);
    await world.drain();
    expect(world.sandbox.rows()).toMatchObject([{ postalArea: 'Stavern' }]);
  });
});
