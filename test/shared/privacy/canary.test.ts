import { afterEach, describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { Failure } from '../../../shared/failure.ts';
import { createLog } from '../../../shared/log.ts';
import { toMessage } from '../../../shared/queues/index.ts';
import { applyChange, sweep, type SyncDeps } from '../../../shared/sync/index.ts';
import { QUEUES } from '../../../shared/storage-names.ts';
import { contact, customer, startWorld, type World, type WorldOptions } from '../../kit/world.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';
import { replay } from '../../../shared/sync/operate/replay.ts';

/** Values that occur nowhere else, planted in every personal field. */
const COMPANY = {
  companyName: 'Kanarifugl Zzyzx AS',
  address: 'Kvitterveien 73b',
  postalCode: '0417',
  city: 'Fugledal',
};
const PERSON = { name: 'Sølvi Kanarifjær', emailAddress: 'solvi.kanari@zzyzx.no', phoneNumber: '+47 411 73 737' };
const CANARY = /kanari|zzyzx|kvitter|fugledal|s(ø|\\u00f8)lvi|solvi|411 ?73 ?737|41173737/i;

let world: World;
const thrown: unknown[] = [];
afterEach(async () => {
  thrown.length = 0;
  await world.stop();
});

async function start(options: WorldOptions = {}): Promise<SyncDeps> {
  world = await startWorld({
    ...options,
    settings: { ...options.settings, CRM_API_URL: 'http://127.0.0.1:9', CRM_API_TOKEN: 't' },
  });
  return world.sync;
}
const company = (version = 1, more: object = {}) => customerEvent('C-1', { ...COMPANY, ...more }, { version });
const person = (version = 1, more: object = {}) =>
  contactEvent('P-1', { relatedCustomerCrmId: 'C-1', ...PERSON, ...more }, { version });

/** What this program leaves anywhere but in the ERP; `body` of an unapplied change is the one place for values. */
async function traces(): Promise<string> {
  const messages = await Promise.all(
    (Object.keys(QUEUES) as (keyof typeof QUEUES)[]).map((queue) => world.messages(queue)),
  );
  const rows = (await world.rows()).map(({ body: _body, ...rest }) => rest);
  return JSON.stringify([messages, rows, world.lines, thrown.map((each) => inspect(each, { depth: 8 }))]);
}
const bodies = async () => (await world.rows()).map(({ body }) => (typeof body === 'string' ? body : '')).join('');

async function tryApply(deps: SyncDeps, ref = customer('C-1')): Promise<void> {
  try {
    const applied = await applyChange(deps, ref);
    deps.log({ event: 'apply', ...ref, ...applied });
  } catch (error) {
    thrown.push(error);
  }
}

describe('no planted value is found in messages, rows, log lines or errors', () => {
  it('after success, and no row holds one at all', async () => {
    await start();
    await world.send(company(), person());
    expect(await bodies()).toMatch(CANARY);
    await world.drain();
    await sweep(world.sync);
    world.advance(10_000);
    await world.send(company(2, { address: 'Kvitterveien 74' }), deletedEvent('contact', 'P-1', { version: 2 }));
    await world.drain();
    expect(world.sandbox.rows()[0]?.addressLine1).toBe('Kvitterveien 74');
    expect(await traces()).not.toMatch(CANARY);
    expect(await bodies()).toBe('');
  });

  it('while a record is failed, listed, swept and replayed', async () => {
    await start();
    world.sandbox.faults.add({ do: 'row-error', on: 'create', nameContains: 'Kanari' });
    await world.send(company(), person());
    await tryApply(world.sync);
    await tryApply(world.sync, contact('P-1'));
    await sweep(world.sync);
    expect(await world.failures()).toHaveLength(1);
    expect(inspect(await world.failures(), { depth: 8 })).not.toMatch(CANARY);
    await replay(world.sync, {}, { dryRun: false, cap: 10, release: false, pace: async () => undefined });
    expect(await traces()).not.toMatch(CANARY);
    expect(await bodies()).toMatch(CANARY);
  });

  it('in a conflict with rows that hold them too', async () => {
    const row = { customerNo: 10_001, companyNo: '921074352', name: COMPANY.companyName };
    await start({
      sandbox: {
        rows: [
          { ...row, associateNo: 5 },
          { ...row, customerNo: 10_002, associateNo: 6 },
        ],
      },
    });
    await world.send(company());
    await tryApply(world.sync);
    expect(await world.failures()).toMatchObject([{ code: 'match.ambiguous', candidates: [5, 6] }]);
    expect(await traces()).not.toMatch(CANARY);
  });

  it('with a row the ERP altered, naming the column alone', async () => {
    await start({ sandbox: { maxLengths: { postalArea: 4 }, overflow: 'truncate' } });
    await world.send(company());
    await tryApply(world.sync);
    expect(await world.failures()).toMatchObject([{ code: 'erp.row-altered', detail: 'postalArea' }]);
    expect(await traces()).not.toMatch(CANARY);
  });

  it.each(['lose-answer', 'land-later', 'status'] as const)(
    'when the answer is lost or a server error (%s)',
    async (fault) => {
      await start();
      world.sandbox.faults.add(fault === 'status' ? { do: fault, status: 500 } : { do: fault, on: 'create' });
      await world.send(company());
      await tryApply(world.sync);
      expect(await traces()).not.toMatch(CANARY);
    },
  );

  it('when this program makes a mistake whose error quotes them', async () => {
    await start();
    await world.send(company());
    const quoting = new TypeError(`cannot read ${JSON.stringify(COMPANY)}`, { cause: PERSON });
    const { erp } = world.sync;
    await tryApply({ ...world.sync, erp: { ...erp, find: () => Promise.reject(quoting) } });
    expect(await world.failures()).toMatchObject([{ code: 'bug.unexpected' }]);
    expect(await traces()).not.toMatch(CANARY);
  });

  it('with values that cannot be used, and a national identity number', async () => {
    await start();
    const accepted = await world.send(
      company(1, { companyName: `Kanari${'x'.repeat(90)}`, organizationNumber: '01017012345' }),
      person(1, { phoneNumber: 'spør Sølvi', emailAddress: 'Kanari' }),
    );
    expect(JSON.stringify(accepted)).not.toMatch(CANARY);
    await world.apply(customer('C-1'));
    expect(await traces()).not.toMatch(CANARY);
    expect(await bodies()).not.toContain('01017012345');
  });

  it('in plan mode', async () => {
    await start();
    const plan = await world.instance({ SYNC_MODE: 'plan' });
    await world.send(company());
    await tryApply(plan);
    expect(world.lines.join()).toContain('plan:create');
    expect(await traces()).not.toMatch(CANARY);
  });
});

describe('what the canary rests on', () => {
  it('would find a value that was logged, thrown or put into a row', async () => {
    await start();
    thrown.push(new Failure('match.conflict', { detail: PERSON.name }));
    expect(await traces()).toMatch(CANARY);
    thrown.length = 0;
    createLog((text) => (world.lines as string[]).push(text))({ event: 'x', name: COMPANY.companyName });
    expect(await traces()).toMatch(CANARY);
  });

  it('messages hold a kind and an id, and nothing else is taken from one', async () => {
    await start();
    await world.send(company());
    expect(await world.messages('changes')).toEqual(['{"kind":"customer","crmId":"C-1"}']);
    expect(toMessage({ kind: 'customer', crmId: 'C-1', name: PERSON.name })).toEqual({
      kind: 'customer',
      crmId: 'C-1',
    });
  });
});
