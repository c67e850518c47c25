import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyChange, sweep } from '../../../shared/sync/index.ts';
import { acceptChanges } from '../../../shared/sync/intake/intake.ts';
import { parseChanges } from '../../../shared/record/index.ts';
import { QUEUES } from '../../../shared/storage-names.ts';
import { customer, startWorld, type World } from '../../kit/world.ts';
import { customerEvent } from '../../kit/events.ts';
import { discard } from '../../../shared/sync/operate/discard.ts';
import { replay } from '../../../shared/sync/operate/replay.ts';

let world: World;
afterEach(() => world.stop());
const startEach = (storage: 'memory' | 'azurite') => {
  beforeEach(async () => {
    world = await startWorld({ storage });
  });
};

const all = { dryRun: false, cap: 100, release: false, pace: async () => undefined };
const pointers = async () => (await world.messages('changesPoison')).map((text) => JSON.parse(text) as unknown);
const pointer = (crmId: string, code = 'erp.row-refused') => ({ kind: 'customer', crmId, code });
const refused = (crmId: string, version = 1) =>
  customerEvent(crmId, { organizationNumber: null, companyName: `Nei ${crmId}` }, { version });
async function fail(...crmIds: readonly string[]): Promise<void> {
  world.sandbox.faults.add({ do: 'row-error', on: 'create', nameContains: 'Nei' });
  await world.send(...crmIds.map((crmId) => refused(crmId)));
  await world.drain();
}
const poison = () => world.azurite().queue(QUEUES.changesPoison);
/** As the platform does after the fifth crash: the message itself, with seven days to live. */
async function platformCopy(crmId: string): Promise<void> {
  await poison().createIfNotExists();
  await poison().sendMessage(Buffer.from(JSON.stringify({ kind: 'customer', crmId })).toString('base64'));
}

describe('the poison queue', () => {
  startEach('azurite');

  it('has one pointer per failed record: identifiers and the code, without expiry', async () => {
    await fail('C-1');
    expect(await pointers()).toEqual([pointer('C-1')]);
    const { peekedMessageItems } = await poison().peekMessages();
    expect(peekedMessageItems[0]?.expiresOn.getUTCFullYear()).toBe(9999);
    // Failing again adds none.
    await world.send(refused('C-1', 2));
    world.advance(10_000);
    await world.drain();
    expect(await pointers()).toEqual([pointer('C-1')]);
    expect(await world.failures()).toMatchObject([{ count: 2 }]);
  });

  it('loses the pointer when the record comes to a good end', async () => {
    await fail('C-1');
    world.sandbox.faults.clear();
    await world.send(refused('C-1', 2));
    world.advance(10_000);
    await world.drain();
    await sweep(world.sync);
    expect(await pointers()).toEqual([]);
    expect(await world.failures()).toEqual([]);
  });

  it('keeps every right pointer through a sweep that has something to put in order', async () => {
    await fail('C-1', 'C-2', 'C-3');
    await world.sync.queues.sendPointer(customer('C-9'), 'erp.row-refused');
    await sweep(world.sync);
    expect(await pointers()).toHaveLength(3);
    await sweep(world.sync);
    expect(await pointers()).toEqual(expect.arrayContaining(['C-1', 'C-2', 'C-3'].map((crmId) => pointer(crmId))));
    // What the ledger remembers is the message that is there: a replay takes it away.
    await replay(world.sync, {}, all);
    expect(await pointers()).toEqual([]);
  });

  it('gets back a pointer that somebody deleted, and loses the second of two', async () => {
    await fail('C-1', 'C-2');
    await poison().clearMessages();
    await sweep(world.sync);
    expect(await pointers()).toHaveLength(2);
    await world.sync.queues.sendPointer(customer('C-1'), 'erp.row-refused');
    await sweep(world.sync);
    expect((await pointers()).map((each) => (each as { crmId: string }).crmId).sort()).toEqual(['C-1', 'C-2']);
  });

  it('gives the platform’s own copy a reason and no expiry', async () => {
    await world.send(customerEvent('C-1'));
    await platformCopy('C-1');
    await sweep(world.sync);
    expect(await pointers()).toEqual([pointer('C-1', 'crash.suspected')]);
    expect(await world.failures()).toMatchObject([{ code: 'crash.suspected' }]);
    const { peekedMessageItems } = await poison().peekMessages();
    expect(peekedMessageItems[0]?.expiresOn.getUTCFullYear()).toBe(9999);
    await replay(world.sync, {}, all);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
    expect(await world.failures()).toEqual([]);
  });

  it('loses the platform’s copy of a record that has been applied since', async () => {
    await world.send(customerEvent('C-1'));
    await world.drain();
    await platformCopy('C-1');
    await sweep(world.sync);
    expect(await pointers()).toEqual([]);
    expect(await world.failures()).toEqual([]);
  });

  it('leaves a message that is none of ours where it is', async () => {
    await fail('C-1');
    await poison().sendMessage(Buffer.from('"hello"').toString('base64'));
    await sweep(world.sync);
    expect(await world.messages('changesPoison')).toHaveLength(2);
    // And is not looked at again with every sweep.
    let receives = 0;
    const { queues } = world.sync;
    const counting: typeof queues = {
      ...queues,
      receivePointers: (seconds) => ((receives += 1), queues.receivePointers(seconds)),
    };
    await sweep({ ...world.sync, queues: counting });
    const first = receives;
    for (let n = 0; n < 3; n += 1) await sweep({ ...world.sync, queues: counting });
    expect([first > 0, receives]).toEqual([true, first]);
    await poison().clearMessages();
    await sweep({ ...world.sync, queues: counting });
    expect(receives).toBeGreaterThan(first);
    expect(await pointers()).toEqual([pointer('C-1')]);
  });

  it('gets the pointer from the sweep when the process ended before sending it', async () => {
    world.sandbox.faults.add({ do: 'row-error', on: 'create', nameContains: 'Nei' });
    await world.send(refused('C-1'));
    const queues = { ...world.sync.queues, sendPointer: () => Promise.reject(new Error('killed')) };
    await applyChange({ ...world.sync, queues }, customer('C-1')).catch(() => undefined);
    expect(await pointers()).toEqual([]);
    world.advance(60_000);
    await sweep(world.sync);
    await sweep(world.sync);
    expect(await pointers()).toEqual([pointer('C-1')]);
  });
});

describe('a replay', () => {
  startEach('memory');

  it('applies what is newest, takes the pointers away, and finds nothing the second time', async () => {
    await fail('C-1', 'C-2');
    world.sandbox.faults.clear();
    expect(await replay(world.sync, {}, { ...all, dryRun: true })).toHaveLength(2);
    expect(await pointers()).toHaveLength(2);
    expect((await replay(world.sync, {}, all)).map(({ result }) => result)).toEqual(['replayed', 'replayed']);
    expect((await replay(world.sync, {}, all)).map(({ result }) => result)).not.toContain('replayed');
    expect(await pointers()).toEqual([]);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(2);
    expect(await replay(world.sync, {}, all)).toEqual([]);
  });

  it('of a record whose newer state is on its way says so', async () => {
    await fail('C-1');
    await world.send(customerEvent('C-1', {}, { version: 2 }));
    expect(await replay(world.sync, {}, all)).toMatchObject([{ result: 'superseded' }]);
  });

  it('that fails again is listed again, with a pointer and the first time of failure', async () => {
    await fail('C-1');
    const [before] = await world.failures();
    await replay(world.sync, {}, all);
    world.advance(10_000);
    await world.drain();
    expect(await world.failures()).toMatchObject([{ code: 'erp.row-refused', since: before?.since, count: 2 }]);
    expect(await pointers()).toEqual([pointer('C-1')]);
  });

  it('selects by record, code and age, up to the cap', async () => {
    await fail('C-1', 'C-2', 'C-3');
    const dry = { ...all, dryRun: true };
    expect(await replay(world.sync, { refs: [customer('C-2')] }, dry)).toMatchObject([{ ref: { crmId: 'C-2' } }]);
    expect(await replay(world.sync, { code: 'match.conflict' }, dry)).toEqual([]);
    expect(await replay(world.sync, { olderThanHours: 1 }, dry)).toEqual([]);
    expect(await replay(world.sync, {}, { ...all, cap: 2 })).toHaveLength(2);
  });
});

describe('a discard', () => {
  startEach('memory');

  it('gives the change up, values and all; the record goes on with the next event', async () => {
    await fail('C-1');
    expect(await discard(world.sync, {}, true)).toHaveLength(1);
    expect(await world.failures()).toHaveLength(1);
    await discard(world.sync, {}, false);
    expect(await world.failures()).toEqual([]);
    expect(await pointers()).toEqual([]);
    expect((await world.sync.ledger.read(customer('C-1'))).pending).toBeNull();
    world.sandbox.faults.clear();
    await world.send(refused('C-1', 2));
    world.advance(10_000);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
  });
});

describe('values whose time is over', () => {
  startEach('memory');

  it('are deleted; the failure stays listed, and the CRM may send the same event again but none older', async () => {
    await fail('C-1');
    await world.send(refused('C-1', 5));
    world.advance(10_000);
    await world.drain();
    world.advance(31 * 86_400_000);
    await sweep(world.sync);
    expect((await world.sync.ledger.read(customer('C-1'))).pending?.row).toMatchObject({ body: '', expired: true });
    expect(await replay(world.sync, {}, all)).toMatchObject([{ result: 'payload-expired' }]);
    expect(await pointers()).toEqual([pointer('C-1')]);
    expect(await world.send(refused('C-1', 4))).toEqual([{ status: 'superseded' }]);
    world.sandbox.faults.clear();
    expect(await world.send(refused('C-1', 5))).toEqual([{ status: 'queued' }]);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
  });
});

describe('the intake', () => {
  startEach('azurite');

  const changes = (...events: readonly object[]) => {
    const parsed = parseChanges(events, new Date());
    if (!parsed.ok) throw new Error('bad event');
    return parsed.changes;
  };

  it('sends a message for a repeat when the first delivery was killed between its two writes', async () => {
    const queues = { ...world.sync.queues, sendChange: () => Promise.reject(new Error('killed')) };
    const [change] = changes(customerEvent('C-1'));
    if (!change) throw new Error('no change');
    await expect(acceptChanges({ ...world.sync, queues }, [change], 't')).rejects.toThrow('killed');
    expect(await world.messages('changes')).toEqual([]);
    expect(await world.send(customerEvent('C-1'))).toEqual([{ status: 'repeated' }]);
    expect(await world.messages('changes')).toEqual(['{"kind":"customer","crmId":"C-1"}']);
  });

  it('keeps the newest of many that come at once, whatever their order', async () => {
    const versions = [3, 1, 5, 2, 4];
    const accepted = await Promise.allSettled(
      versions.map((version) => world.send(customerEvent('C-1', { city: `By ${version}` }, { version }))),
    );
    // What is not taken says so: the CRM sends it again.
    for (const [index, result] of accepted.entries()) {
      if (result.status === 'rejected')
        await world.send(customerEvent('C-1', { city: `By ${versions[index]}` }, { version: versions[index] ?? 0 }));
    }
    await world.drain();
    expect(world.sandbox.rows()).toMatchObject([{ postalArea: 'By 5' }]);
  });

  it('of two events with one key lets the later arrival win, and knows both when they are repeated', async () => {
    await world.send(
      customerEvent('C-1', { city: 'Larvik' }, { id: 'a' }),
      customerEvent('C-1', { city: 'Stavern' }, { id: 'b' }),
    );
    expect(await world.send(customerEvent('C-1', { city: 'Larvik' }, { id: 'a' }))).toEqual([{ status: 'repeated' }]);
    await world.drain();
    expect(world.sandbox.rows()).toMatchObject([{ postalArea: 'Stavern' }]);
    expect(await world.send(customerEvent('C-1', { city: 'Larvik' }, { id: 'a' }))).toEqual([{ status: 'repeated' }]);
  });

  it('lists a record whose values cannot be used, and takes the next event', async () => {
    const [accepted] = await world.send(customerEvent('C-1', { companyName: '' }));
    expect(accepted).toMatchObject({ status: 'failed', code: 'value.missing', pointer: '/0/data/companyName' });
    await world.drain();
    expect(await world.failures()).toMatchObject([{ code: 'value.missing', pointers: ['/0/data/companyName'] }]);
    await world.send(customerEvent('C-1', {}, { version: 2 }));
    await world.drain();
    expect(await world.failures()).toEqual([]);
  });
});

describe('plan mode', () => {
  startEach('memory');

  it('decides and reports by column, writes nothing, and keeps the changes for later', async () => {
    const plan = await world.instance({ SYNC_MODE: 'plan' });
    await world.send(customerEvent('C-1'));
    const planned = await applyChange(plan, customer('C-1'));
    expect(planned.outcome).toBe('plan:create');
    expect(planned.fields).toEqual(expect.arrayContaining(['name', 'companyNo', 'externalId']));
    expect(world.sandbox.rows()).toEqual([]);
    expect((await sweep(plan))?.fed).toBe(0);
    expect((await sweep(world.sync))?.fed).toBe(1);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
  });
});
