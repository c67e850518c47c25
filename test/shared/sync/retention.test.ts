import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweep } from '../../../shared/sync/index.ts';
import { contact, startWorld, type World } from '../../kit/world.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';

const DAY_MS = 86_400_000;

let world: World;
beforeEach(async () => {
  world = await startWorld();
  await world.send(customerEvent('C-1'), contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
  await world.drain();
  world.advance(10_000);
  await world.send(deletedEvent('contact', 'P-1', { version: 2 }));
  await world.drain();
});
afterEach(() => world.stop());

const daily = () => world.lines.filter((line) => line.includes('"event":"retention"'));

describe('retention in the sweep', () => {
  it('runs once a day', async () => {
    await sweep(world.sync);
    await sweep(world.sync);
    expect(daily()).toHaveLength(1);
    world.advance(DAY_MS + 1);
    await sweep(world.sync);
    expect(daily()).toHaveLength(2);
  });

  it('forgets a deleted record when its time is over, not before', async () => {
    world.advance(29 * DAY_MS);
    await sweep(world.sync);
    expect(await world.state(contact('P-1'))).toBeDefined();
    world.advance(2 * DAY_MS);
    await sweep(world.sync);
    expect(await world.state(contact('P-1'))).toBeUndefined();
  });

  it('keeps what is known of a record that came back and waits', async () => {
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1', name: '' }, { version: 3 }));
    await world.drain();
    expect(await world.failures()).toHaveLength(1);
    world.advance(31 * DAY_MS);
    await sweep(world.sync);
    expect(await world.state(contact('P-1'))).toBeDefined();
  });

  it('begins again with the next sweep when it could not be done', async () => {
    const audit = { ...world.sync.audit, forget: () => Promise.reject(new Error('storage away')) };
    await expect(sweep({ ...world.sync, audit })).rejects.toThrow('storage away');
    await sweep(world.sync);
    expect(daily()).toHaveLength(1);
  });
});
