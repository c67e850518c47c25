import { afterEach, beforeEach, expect, it } from 'vitest';
import { serveConsole, type Served } from '../browser/serve.ts';
import { customerEvent } from '../kit/events.ts';
import { startWorld, type World } from '../kit/world.ts';
import { answers, command, FAST } from './command.ts';

let world: World;
let served: Served;
beforeEach(async () => {
  world = await startWorld();
  served = await serveConsole(world);
});
afterEach(async () => {
  await served[Symbol.asyncDispose]();
  await world.stop();
});

it('does through the app what it does on the storage, as whoever is signed in there', async () => {
  world.sandbox.faults.add({ do: 'row-error', on: 'any', nameContains: '' });
  await world.send(customerEvent('C-1'));
  await world.drain();
  world.sandbox.faults.clear();
  const url = ['--url', served.url];
  for (const args of [
    ['status'],
    ['failed', 'list'],
    ['failed', 'list', '--all'],
    ['record', 'customer:C-1'],
    ['waiting', 'list'],
    ['planned', 'list'],
  ]) {
    expect([args, await answers(world, ...args, ...url)]).toEqual([args, await answers(world, ...args)]);
  }
  await command(world, 'failed', 'replay', 'customer:C-1', '--by', 'somebody', '--reason', 'mended', ...FAST, ...url);
  await world.drain();
  expect(world.sandbox.rows()).toHaveLength(1);
  expect(await answers(world, 'audit', 'list', ...url)).toMatchObject([
    { action: 'failed.replay', by: 'kari@example.no', reason: 'mended', results: { replayed: 1 } },
  ]);
});

it('links with the ERP’s values in some fields, or in all', async () => {
  const url = ['--url', served.url];
  const row = { name: 'Kai AS', postalArea: 'Moss' };
  world.sandbox.seed([
    { ...row, associateNo: 5, customerNo: 10_001 },
    { ...row, associateNo: 6, customerNo: 10_002 },
  ]);
  world.sandbox.faults.add({ do: 'row-error', on: 'any', nameContains: '' });
  for (const crmId of ['C-1', 'C-2']) {
    await world.send(customerEvent(crmId, { companyName: 'Brygga AS', organizationNumber: null, city: 'Larvik' }));
  }
  await world.drain();
  world.sandbox.faults.clear();
  expect((await command(world, 'link', 'customer:C-1', '5', '--keep-erp', 'city', ...url)).code).toBe(0);
  expect((await command(world, 'link', 'customer:C-2', '6', '--keep-erp', ...url)).code).toBe(0);
  await world.drain();
  const held = (no: number) => world.sandbox.rows().find(({ associateNo }) => associateNo === no);
  expect(held(5)).toMatchObject({ name: 'Brygga AS', postalArea: 'Moss' });
  expect(held(6)).toMatchObject({ name: 'Kai AS', postalArea: 'Moss' });
});

it('compares both systems, and settles one, many and what is none of fields', async () => {
  const url = ['--url', served.url];
  await world.send(customerEvent('C-1', { companyName: 'Kai AS', organizationNumber: null, city: 'Larvik' }));
  await world.drain();
  const no = world.sandbox.rows()[0]?.associateNo ?? 0;
  world.sandbox.seed([{ associateNo: 700, customerNo: 20_700, name: 'Bare i Visma AS' }]);
  world.sandbox.edit(no, { postalArea: 'Tjøme', addressLine1: 'Storgata 5' });
  expect(await answers(world, 'reconcile', ...url)).toEqual([
    { kind: 'differs', record: 'customer:C-1', associateNos: [no], fields: ['address', 'city'] },
    { kind: 'only-in-erp', associateNos: [700] },
  ]);
  const settle = (...flags: readonly string[]) => command(world, 'reconcile', 'settle', ...flags, ...url);
  expect((await settle('customer:C-1', '--field', 'city', '--ignore', 'visiting')).code).toBe(0);
  expect((await settle('700', '--ignore', 'sold')).code).toBe(0);
  expect((await settle('--all', '--use', 'crm')).out).toContain('1 difference would go to the ERP');
  expect((await settle('--all', '--use', 'crm', '--yes')).out).toContain('1 when-sent');
  world.sandbox.edit(no, { postalArea: 'Moss' });
  expect((await answers(world, 'reconcile', ...url)).map(({ kind }) => kind)).toEqual(['differs']);
  world.sandbox.edit(no, { postalArea: 'Horten' });
  const refused = await settle('customer:C-1', '--field', 'city', '--ignore', 'visiting');
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('not what it was when it was listed')]);
});

it('says why it was refused, and what does not work that way', async () => {
  const url = ['--url', served.url];
  await world.send(customerEvent('C-1'));
  await world.drain();
  const refused = await command(world, 'link', 'customer:C-1', '99', ...url);
  expect(refused.code).not.toBe(0);
  expect(refused.err).toContain('does not have');
  expect((await command(world, 'doctor', ...url)).err).toContain('does not work with --url');
  expect((await command(world, 'status', '--url', 'https://127.0.0.1:1')).err).toContain('does not answer');
});
