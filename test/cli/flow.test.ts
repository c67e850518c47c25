import { afterEach, describe, expect, it } from 'vitest';
import { applyChange, sweep } from '../../shared/sync/index.ts';
import { contact, customer, startWorld, type World, type WorldOptions } from '../kit/world.ts';
import { contactEvent, customerEvent, deletedEvent } from '../kit/events.ts';
import { answers, command, FAST } from './command.ts';

let world: World;
const start = async (options?: WorldOptions) => (world = await startWorld(options));
afterEach(() => world.stop());

describe('pause and resume', () => {
  it('take changes meanwhile, spend nothing, and apply everything afterwards', async () => {
    await start();
    const paused = await command(world, 'pause', '--by', 'Kari', '--reason', 'period close');
    expect(paused.out).toContain('The sync is now paused');
    world.advance(2_000);

    expect(await world.send(customerEvent('C-1'))).toEqual([{ status: 'queued' }]);
    for (let tries = 0; tries < 10; tries += 1) {
      expect(await world.apply(customer('C-1'))).toEqual({ outcome: 'paused' });
      await sweep(world.sync);
      world.advance(60_000);
    }
    expect(await world.pending()).toMatchObject([{ attempts: 0, status: 'due' }]);
    const status = await command(world, 'status');
    expect(status.out).toMatch(/sync to the ERP: paused since .* by Kari/);
    expect(status.out).toContain('on their way: 1');
    expect(status.code).toBe(0);

    await command(world, 'resume');
    world.advance(2_000);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
    expect(await answers(world, 'audit', 'list')).toMatchObject([
      { action: 'resume', by: 'tester' },
      { action: 'pause', by: 'Kari', reason: 'period close' },
    ]);
  });

  it('say when nothing changed', async () => {
    await start();
    expect((await command(world, 'resume')).out).toContain('Nothing changed: the sync was and is running');
  });
});

describe('SYNC_MODE=plan', () => {
  it('keeps the changes it has planned; they are written once the mode is write', async () => {
    await start({ settings: { SYNC_MODE: 'plan' } });
    await world.send(customerEvent('C-1'));
    expect(await world.apply(customer('C-1'))).toMatchObject({ outcome: 'plan:create' });
    expect(world.sandbox.rows()).toEqual([]);
    expect(await answers(world, 'status')).toMatchObject([{ mode: 'plan', planned: 1, pending: 0 }]);

    const write = { ...world.sync, settings: { ...world.sync.settings, SYNC_MODE: 'write' as const } };
    await sweep(write);
    expect(await applyChange(write, customer('C-1'))).toMatchObject({ outcome: 'created' });
    expect(world.sandbox.rows()).toHaveLength(1);
  });
});

describe('deletes', () => {
  const nameOf = (id: string) =>
    world.sandbox.rows().find(({ externalId }) => externalId === `crm:contact:${id}`)?.name;

  /** Three contacts deleted in one hour, one of which may be. */
  async function hold(): Promise<void> {
    await start({ settings: { DELETES_PER_HOUR: '1' } });
    const ids = ['P-1', 'P-2', 'P-3'];
    const people = ids.map((id) =>
      contactEvent(id, { relatedCustomerCrmId: 'C-1', name: `N ${id}`, emailAddress: '' }),
    );
    await world.send(customerEvent('C-1'), ...people);
    await world.drain();
    world.advance(10_000);
    for (const id of ids) {
      await world.send(deletedEvent('contact', id, { version: 2 }));
      await world.apply(contact(id));
    }
  }

  it('above the brake are held, then released or dropped by a person', async () => {
    await hold();
    expect((await command(world, 'deletes', 'list')).out).toMatch(/contact:P-2 +deletes\.held/);
    expect((await command(world, 'status')).code).toBe(1);
    expect((await command(world, 'deletes', 'release')).code).toBe(2);

    // Tried again without a word, it is held again: the hour has had its share.
    await command(world, 'failed', 'replay', 'contact:P-2', ...FAST);
    await world.drain();
    expect(await world.failures()).toHaveLength(2);

    await command(world, 'deletes', 'release', 'contact:P-2', ...FAST);
    await command(world, 'deletes', 'drop', 'contact:P-3', '--yes');
    await world.drain();
    expect(await world.failures()).toEqual([]);
    expect(nameOf('P-1')).toBe('');
    expect(nameOf('P-2')).toBe('');
    expect(nameOf('P-3')).toBe('N P-3');
    expect((await command(world, 'deletes', 'list')).out).toBe('No deletion is held.');
    expect(await answers(world, 'audit', 'list')).toMatchObject([
      { action: 'deletes.drop', selection: 'contact:P-3, code deletes.held' },
      { action: 'deletes.release' },
      { action: 'failed.replay' },
    ]);
  });
});

describe('status', () => {
  it('names the cause of a stop, and asks for a person only when one must mend it', async () => {
    await start();
    world.sandbox.rotateSecret('another');
    await world.send(customerEvent('C-1'));
    await world.apply(customer('C-1'));
    world.advance(2_000);
    const status = await command(world, 'status');
    expect(status.out).toContain('token.invalid-client');
    expect(status.code).toBe(1);
  });

  it('counts contacts that wait for their customer as fine', async () => {
    await start();
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-9' }));
    await world.apply(contact('P-1'));
    const status = await command(world, 'status');
    expect(status.out).toContain('waiting: 1 contact for its customer');
    expect(status.code).toBe(0);
  });
});

describe('a record that only waits for its next try', () => {
  const waits = async () => {
    await start();
    await world.send(customerEvent('C-9'));
    const { pending } = await world.sync.ledger.read(customer('C-9'));
    if (!pending) throw new Error('nothing is pending');
    const notBefore = new Date(world.now() + 600_000).toISOString();
    await world.sync.ledger.movePending(pending, { notBefore });
  };

  it.each([['failed', 'replay', 'customer:C-9'], ['resume']])('is tried now after %s %s', async (...args) => {
    await waits();
    expect((await world.apply(customer('C-9'))).outcome).toBe('early');
    expect((await command(world, ...args)).code).toBe(0);
    expect((await world.apply(customer('C-9'))).outcome).toBe('created');
  });
});
