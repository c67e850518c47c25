import { afterEach, expect, it } from 'vitest';
import { startWorld, type World } from '../kit/world.ts';

let world: World;
afterEach(() => world.stop());

it('stops the flow before the first change when a default names a column the ERP does not have', async () => {
  world = await startWorld({ settings: { NXT_CUSTOMER_DEFAULTS: '{"NoSuch": 1}' } });
  await world.engine.checkSetUp();
  expect(await world.sync.flow.status()).toMatchObject({ is: 'stopped', code: 'erp.schema' });
});

it('asks the ERP for its schema once, and leaves the flow open when all is there', async () => {
  world = await startWorld();
  await world.engine.checkSetUp();
  await world.engine.checkSetUp();
  expect(await world.sync.flow.status()).toEqual({ is: 'open' });
  expect(world.sandbox.requests.counts.operations).toMatchObject({ all: 1 });
});

it('leaves the flow open while the ERP is away: that says nothing about the settings', async () => {
  world = await startWorld();
  world.sandbox.faults.downtime = 'reset';
  await world.engine.checkSetUp();
  expect(await world.sync.flow.status()).toEqual({ is: 'open' });
});
