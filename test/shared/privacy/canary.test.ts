import { afterEach, describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { Failure, FAILURES, isFailureCode } from '../../../shared/failure.ts';
import { createRights } from '../../../shared/rights/index.ts';
import { toMessage } from '../../../shared/queues/index.ts';
import { applyChange, sweep, type SyncDeps } from '../../../shared/sync/index.ts';
import { contact, customer, startWorld, type World, type WorldOptions } from '../../kit/world.ts';
import { bodies as bodiesOf, CANARY, company, COMPANY, person, PERSON, traces as allTraces } from '../../kit/canary.ts';
import { deletedEvent } from '../../kit/events.ts';
import { replay } from '../../../shared/sync/operate/replay.ts';

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
const traces = () => allTraces(world, thrown);
const bodies = () => bodiesOf(world);

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

  it.each(Object.keys(FAILURES).filter(isFailureCode))('however an attempt ends: %s', async (code) => {
    await start();
    await world.send(company());
    const failure = Object.assign(new Failure(code), { cause: PERSON });
    const { erp } = world.sync;
    await tryApply({ ...world.sync, erp: { ...erp, find: () => Promise.reject(failure) } });
    await sweep(world.sync);
    expect(JSON.stringify(await world.failures())).not.toMatch(CANARY);
    expect(await traces()).not.toMatch(CANARY);
  });

  it('when the process dies in the middle, and another goes on', async () => {
    await start();
    await world.send(company(), person());
    const { ledger } = world.sync;
    const dying = { ...ledger, save: () => Promise.reject(new Error(`killed at ${PERSON.name}`)) };
    await tryApply({ ...world.sync, ledger: dying });
    world.advance(10 * 60_000);
    await sweep(world.sync);
    thrown.length = 0;
    await world.drain();
    expect(await traces()).not.toMatch(CANARY);
    expect(await bodies()).toBe('');
  });

  it.each([
    ['takes the numbers', () => Response.json({ ...COMPANY })],
    ['refuses them and quotes the record', () => Response.json({ message: PERSON.name, ...COMPANY }, { status: 400 })],
    [
      'redirects to an address with a name in it',
      () => Response.redirect(`https://crm.example/?q=${PERSON.emailAddress}`),
    ],
    ['cannot be reached', () => Promise.reject(new TypeError(`fetch failed for ${PERSON.emailAddress}`))],
  ])('when the CRM, told of new numbers, %s', async (_, answer) => {
    await start({ crmFetch: async () => answer() });
    await world.send(company(), person());
    await world.drain();
    thrown.push(...(await world.payWriteBacks()), await world.failures());
    expect(world.addresses.join()).toContain('/customers/C-1');
    expect(await traces()).not.toMatch(CANARY);
  });

  it('when a person is restricted, asked about, and erased', async () => {
    await start();
    await world.send(company(), person());
    await world.drain();
    world.advance(10_000);
    const rights = createRights(world.sync, world.engine.control);
    const request = { requester: 'person', reference: 'SAK-1' } as const;
    const actor = { by: 'dpo', reason: '' };
    await rights.restrict(contact('P-1'), request, actor);
    await world.send(person(2, { name: 'Sølvi Kanarifjær Berg' }));
    await tryApply(world.sync, contact('P-1'));
    thrown.push((await rights.access({ by: 'email', text: PERSON.emailAddress }, request, actor)).receipt);
    thrown.push(await rights.unrestrict(contact('P-1'), 'apply', request, actor));
    await world.drain();
    thrown.push(await rights.proof(contact('P-1')));
    world.advance(10_000);
    thrown.push(await rights.erase({ by: 'phone', text: PERSON.phoneNumber }, request, actor));
    await world.drain();
    thrown.push(await rights.receipts(), await rights.report(), await world.sync.audit.list(99));
    expect(await traces()).not.toMatch(CANARY);
    expect(JSON.stringify(world.sandbox.rows())).not.toMatch(/S(ø)lvi|kanarifj/i);
  });
});

describe('what the canary rests on', () => {
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
