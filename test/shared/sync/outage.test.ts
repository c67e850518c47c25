import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../shared/failure.ts';
import { applyChange, sweep } from '../../../shared/sync/index.ts';
import { customer, startWorld, type World, type WorldOptions } from '../../kit/world.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';

let world: World;
const start = async (options?: WorldOptions) => (world = await startWorld(options));
afterEach(() => world.stop());
const listed = async () => (await world.failures()).map(({ ref, code }) => `${ref.crmId} ${code}`);
const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    customerEvent(`C-${index}`, { organizationNumber: null, companyName: `Firma ${index}` }),
  );
const requests = () => world.sandbox.requests.counts.http.graphql + world.sandbox.requests.counts.http.token;

describe('while the ERP is down', () => {
  it.each(['reset', 'unavailable'] as const)(
    '(%s) nothing is spent, listed or lost, and all is in sync afterwards',
    async (how) => {
      await start();
      await world.send(...many(2));
      await world.drain();
      world.advance(10_000);
      world.sandbox.faults.downtime = how;
      await world.send(...many(12));
      // Ten minutes: each message as it would come, and a sweep a minute.
      const before = requests();
      for (let minute = 0; minute < 10; minute += 1) {
        for (const { ref } of await world.pending()) await world.apply(ref);
        await sweep(world.sync);
        world.advance(60_000);
      }
      expect(requests() - before).toBeLessThan(60);
      expect((await world.sync.flow.status()).is).toBe('stopped');
      expect(await listed()).toEqual([]);
      expect(await world.messages('changesPoison')).toEqual([]);
      expect((await world.pending()).map(({ attempts }) => attempts)).toEqual(Array(10).fill(0));

      world.sandbox.faults.clear();
      await sweep(world.sync);
      expect((await world.sync.flow.status()).is).toBe('open');
      await world.drain();
      expect(world.sandbox.rows()).toHaveLength(12);
      expect(world.sandbox.doubles()).toEqual([]);
    },
  );

  it('at most a handful of probes a minute leave, all instances together', async () => {
    await start();
    world.sandbox.faults.downtime = 'reset';
    await world.send(...many(8));
    for (let round = 0; round < 4; round += 1) {
      for (const { ref } of await world.pending()) await world.apply(ref);
      world.advance(6_000);
    }
    expect((await world.sync.flow.status()).is).toBe('stopped');
    world.sandbox.faults.downtime = 'off';
    // Everything is refused now, so that each probe is counted.
    world.sandbox.faults.add({ do: 'status', status: 503 });
    const other = await world.instance();
    const asked = world.sandbox.requests.log.length;
    for (let second = 0; second < 120; second += 3) {
      world.advance(3_000);
      await Promise.all([applyChange(world.sync, customer('C-1')), applyChange(other, customer('C-2'))]);
    }
    // Each probe asks for a token and for the schema or a row.
    expect(world.sandbox.requests.log.length - asked).toBeLessThanOrEqual(14);
  });

  it('the sweep feeds the queue again within two minutes of its return, however long it was away', async () => {
    await start();
    world.sandbox.faults.downtime = 'reset';
    await world.send(...many(6));
    for (let hour = 0; hour < 2; hour += 1) {
      for (let minute = 0; minute < 60; minute += 10) {
        for (const { ref } of await world.pending()) await world.apply(ref);
        await sweep(world.sync);
        world.advance(600_000);
      }
    }
    await sweep(world.sync);
    world.sandbox.faults.clear();
    world.advance(60_000);
    const first = await sweep(world.sync);
    world.advance(60_000);
    const second = await sweep(world.sync);
    expect((first?.fed ?? 0) + (second?.fed ?? 0)).toBe(6);
  });

  it('a limit that is reached delays, and does not stop the flow', async () => {
    await start();
    world.sandbox.faults.add({ do: 'outstanding-limit', next: 1 });
    await world.send(...many(1));
    await world.apply(customer('C-0'));
    expect((await world.sync.flow.status()).is).toBe('open');
    await world.drain();
    expect(await listed()).toEqual([]);
  });

  it('the queue does not fill up: pending records have no more messages than the sweep allows', async () => {
    await start();
    world.sandbox.faults.downtime = 'reset';
    await world.send(...many(6));
    for (let round = 0; round < 3; round += 1) {
      for (const { ref } of await world.pending()) await world.apply(ref);
      world.advance(30_000);
    }
    const depth = await world.sync.queues.changesDepth();
    for (let minute = 0; minute < 30; minute += 1) {
      world.advance(60_000);
      await sweep(world.sync);
    }
    expect(await world.sync.queues.changesDepth()).toBe(depth);
  });
});

describe('a wrong client secret', () => {
  it('holds everything, lists nothing, and the sync goes on by itself when it is put right', async () => {
    await start();
    await world.send(...many(1));
    await world.drain();
    world.sandbox.rotateSecret('another');
    world.sandbox.expireTokens();
    world.advance(10_000);
    await world.send(...many(4), contactEvent('P-1', { relatedCustomerCrmId: 'C-0' }));
    for (let minute = 0; minute < 60; minute += 5) {
      for (const { ref } of await world.pending()) await world.apply(ref);
      await sweep(world.sync);
      world.advance(300_000);
    }
    expect(await world.sync.flow.status()).toMatchObject({ is: 'stopped', code: 'token.invalid-client' });
    expect(await listed()).toEqual([]);
    expect(await world.messages('changesPoison')).toEqual([]);
    expect((await world.pending()).every(({ attempts }) => attempts === 0)).toBe(true);
    world.sandbox.rotateSecret('sandbox-secret');
    world.advance(120_000);
    await sweep(world.sync);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(5);
  });
});

describe('what only one record meets', () => {
  it('is tried a few times with growing delays, then listed, and stops nobody else', async () => {
    await start();
    const { erp } = world.sync;
    const odd: typeof erp = { ...erp, find: () => Promise.reject(new Failure('erp.unknown')) };
    await world.send(...many(1));
    const delays: number[] = [];
    for (;;) {
      const applied = await applyChange({ ...world.sync, erp: odd, random: () => 0.5 }, customer('C-0'));
      if (applied.outcome === 'failed') break;
      const [row] = await world.pending();
      delays.push(Math.round((Date.parse(row?.notBefore ?? '') - world.now()) / 1000));
      world.advance(3_700_000);
    }
    expect(delays).toEqual([5, 15, 60, 300, 900]);
    expect(await listed()).toEqual(['C-0 erp.unknown']);
    expect((await world.sync.flow.status()).is).toBe('open');
  });

  it('a mistake of this program is listed at once and logged without its text', async () => {
    await start();
    const { erp } = world.sync;
    const broken: typeof erp = { ...erp, find: () => Promise.reject(new TypeError('Firma 0 is not a function')) };
    await world.send(...many(1));
    expect(await applyChange({ ...world.sync, erp: broken }, customer('C-0'))).toMatchObject({
      outcome: 'failed',
      code: 'bug.unexpected',
    });
    expect(world.lines.join()).toContain('"event":"bug"');
    expect(world.lines.join()).not.toContain('Firma 0');
  });
});

describe('a pause', () => {
  it('takes changes, spends nothing, and everything is applied after it', async () => {
    await start();
    await world.sync.flow.pause('kari');
    await world.send(...many(3));
    expect(await world.apply(customer('C-0'))).toEqual({ outcome: 'paused' });
    world.advance(3_600_000);
    expect((await sweep(world.sync))?.fed).toBe(0);
    await world.sync.flow.resume();
    expect((await sweep(world.sync))?.fed).toBe(3);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(3);
  });
});
