import { afterEach, expect, it } from 'vitest';
import { Failure } from '../../../shared/failure.ts';
import { createOperations } from '../../../shared/sync/index.ts';
import { customerEvent } from '../../kit/events.ts';
import { customer, startWorld, type World } from '../../kit/world.ts';

let world: World;
afterEach(() => world.stop());

const C = customer('C-1');
const ACTOR = { by: 'kari', reason: '' };
const DATA = { companyName: 'Nordlys AS', organizationNumber: null, address: 'Gate 1', city: 'Larvik' };
const row = async () => {
  const no = (await world.state(C))?.associateNo;
  return world.sandbox.rows().find(({ associateNo }) => associateNo === no);
};

/** A customer in sync whose address accounting has changed since, and what a person's word for the CRM's value comes to. */
async function settle(readRecord: () => Promise<Readonly<Record<string, unknown>> | null>, isVersioned = true) {
  world = await startWorld();
  const { version, ...event } = customerEvent('C-1', DATA, { version: 7 });
  await world.send(isVersioned ? { ...event, version } : event);
  await world.drain();
  world.sandbox.edit((await row())?.associateNo ?? 0, { addressLine1: 'Storgata 5' });
  const ops = createOperations({ ...world.engine, crm: { readRecord } });
  await ops.reconcile(ACTOR);
  const settled = await ops.settleField(C, 'address', { use: 'crm' }, ACTOR);
  world.advance(60_000);
  await world.drain();
  return { settled, ops };
}

it.each([
  ['the version that was applied', true, { version: 7 }],
  ['a newer version', true, { version: 8 }],
  ['no version, as its events', false, {}],
])('the CRM’s value is read and written where its record has %s', async (_what, isVersioned, place) => {
  const { settled, ops } = await settle(async () => ({ ...DATA, ...place }), isVersioned);
  expect(settled).toBe('sent');
  expect((await row())?.addressLine1).toBe('Gate 1');
  expect(await ops.reconcile(ACTOR)).toEqual([]);
});

it('what the CRM changed without telling is the value that counts', async () => {
  await settle(async () => ({ ...DATA, address: 'Havnegata 1', version: 9 }));
  expect((await row())?.addressLine1).toBe('Havnegata 1');
});

it.each([
  ['has it no more', async () => null],
  ['does not answer', () => Promise.reject(new Failure('crm.unavailable'))],
  ['answers with an older copy', async () => ({ ...DATA, version: 6 })],
  ['answers with what cannot be read', async () => ({ companyName: 5 })],
])('a CRM that %s sends it with its next event', async (_what, read) => {
  const { settled } = await settle(read);
  expect(settled).toBe('when-sent');
  expect((await row())?.addressLine1).toBe('Storgata 5');
  await world.send(customerEvent('C-1', DATA, { version: 10 }));
  await world.drain();
  expect((await row())?.addressLine1).toBe('Gate 1');
});
