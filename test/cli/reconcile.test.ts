import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCrmSimulator, type CrmSimulator } from '../../local/crm/index.ts';
import { takeHints, writeFields } from '../../shared/sync/index.ts';
import { contactEvent, customerEvent } from '../kit/events.ts';
import { contact, customer, startWorld, type World } from '../kit/world.ts';
import { answers, command } from './command.ts';

let world: World;
let crm: CrmSimulator;
const start = async (settings: Readonly<Record<string, string>> = {}) => {
  crm = await startCrmSimulator({ token: 'token' });
  world = await startWorld({
    settings: { CRM_API_URL: crm.origin, CRM_API_TOKEN: 'token', ERP_TO_CRM: 'report', ...settings },
  });
};
afterEach(() => Promise.all([world.stop(), crm.stop()]));

const noOf = async (crmId: string) => (await world.state(customer(crmId)))?.associateNo ?? 0;

/** So many customers in sync, and each with another city in the ERP since. */
async function moved(amount: number): Promise<void> {
  const ids = Array.from({ length: amount }, (_, n) => `C-${n + 1}`);
  for (const id of ids) {
    await world.send(customerEvent(id, { companyName: `Firma ${id}`, organizationNumber: null, city: 'Larvik' }));
  }
  await world.drain();
  for (const id of ids) world.sandbox.edit(await noOf(id), { postalArea: 'Tjøme' });
}

describe('many differences at once', () => {
  beforeEach(() => start({ CRM_WRITES_PER_HOUR: '3' }));

  it('are said first, settled with --yes, as many as the hour has room for, and the rest stay listed', async () => {
    await moved(5);
    expect((await answers(world, 'reconcile')).map(({ kind }) => kind)).toEqual(Array(5).fill('differs'));
    const all = ['reconcile', 'settle', '--all', '--field', 'city', '--use', 'erp'];
    const plan = await command(world, ...all);
    expect(plan.code).toBe(2);
    expect(plan.out).toContain('3 differences would go to the CRM. At most 3 an hour are written');
    expect(plan.err).toMatch(/2 differences left[^]*add --yes/);
    expect(await owed()).toBe(0);
    const done = await command(world, ...all, '--yes', '--reason', 'accounting moved them');
    expect(done.code).toBe(1);
    expect(done.out).toContain('3 sent');
    expect(done.err).toContain('2 differences left, still on the list: run it again.');
    expect(await owed()).toBe(3);
    expect((await command(world, ...all, '--yes')).err).toContain('2 differences left');
    expect(await owed()).toBe(3);
    world.advance(3_600_001);
    expect((await command(world, ...all, '--yes')).code).toBe(0);
    expect(await owed()).toBe(5);
    const entries = await answers(world, 'audit', 'list');
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'reconcile.settle', selection: 'every differs city: erp', count: 3 }),
    );
    expect((await command(world, ...all, '--yes')).out).toContain('Nothing to settle');
  });

  it('go the other way no faster, and --cap is fewer', async () => {
    await moved(5);
    await command(world, 'reconcile');
    const all = ['reconcile', 'settle', '--all', '--field', 'city', '--use', 'crm', '--yes'];
    expect(await answers(world, ...all, '--cap', '1')).toHaveLength(1);
    expect(await answers(world, ...all)).toHaveLength(2);
    expect(await answers(world, ...all)).toHaveLength(0);
  });

  it('are refused one by one where the ERP’s value is another by now, and settled when they were looked at again', async () => {
    await moved(2);
    await command(world, 'reconcile');
    world.sandbox.edit(await noOf('C-1'), { postalArea: 'Moss' });
    const all = ['reconcile', 'settle', '--all', '--use', 'erp', '--yes'];
    expect(await answers(world, ...all)).toEqual([
      { kind: 'differs', record: 'customer:C-1', field: 'city', result: 'settle.changed' },
      { kind: 'differs', record: 'customer:C-2', field: 'city', result: 'sent' },
    ]);
    expect((await answers(world, ...all)).map(({ result }) => result)).toEqual(['sent']);
    expect(await owed()).toBe(2);
  });
});

const fail = (): never => {
  throw new Error('not linked');
};

/** Records whose fields are owed to the CRM. */
async function owed(): Promise<number> {
  let count = 0;
  for (const shard of world.sync.ledger.shards) {
    for await (const listed of world.sync.ledger.list(shard, ['outbox'])) {
      if (listed.is === 'outbox' && listed.row.what === 'fields') count += 1;
    }
  }
  return count;
}

describe('one difference', () => {
  beforeEach(() => start());

  it('is refused where the ERP’s value is another than was listed', async () => {
    await moved(1);
    await command(world, 'reconcile');
    world.sandbox.edit(await noOf('C-1'), { postalArea: 'Moss' });
    const settle = ['reconcile', 'settle', 'customer:C-1', '--field', 'city', '--use', 'erp'];
    const refused = await command(world, ...settle);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('settle.changed');
    expect(await answers(world, 'audit', 'list')).toContainEqual(
      expect.objectContaining({ selection: 'customer:C-1 city: erp', results: { 'settle.changed': 1 } }),
    );
    expect((await command(world, ...settle)).code).toBe(0);
  });

  it('said twice is written once', async () => {
    await moved(1);
    const settle = ['reconcile', 'settle', 'customer:C-1', '--field', 'city', '--use', 'erp'];
    const { sync, engine } = world;
    for (let n = 0; n < 3; n += 1) expect((await command(world, ...settle)).code).toBe(0);
    await writeFields({ sync, writeBack: engine.writeBack }, customer('C-1'));
    await command(world, ...settle);
    await writeFields({ sync, writeBack: engine.writeBack }, customer('C-1'));
    expect(crm.records.calls.filter(({ body }) => JSON.stringify(body).includes('city'))).toHaveLength(1);
    const other = ['reconcile', 'settle', 'customer:C-1', '--field', 'city', '--use', 'crm'];
    for (let n = 0; n < 2; n += 1) expect((await command(world, ...other)).out).toContain('when the CRM sends');
  });

  it('of every kind is let be with a reason until what was compared changes', async () => {
    await moved(1);
    const row = { name: 'Dobbel AS', postCode: '3270' };
    world.sandbox.seed([
      { ...row, associateNo: 700, customerNo: 20_700 },
      { ...row, associateNo: 701, customerNo: 20_701 },
    ]);
    await world.send(customerEvent('C-2', { companyName: 'Borte AS', organizationNumber: null }));
    await world.drain();
    world.sandbox.edit(await noOf('C-2'), undefined);
    const listed = async () =>
      (await answers(world, 'reconcile'))
        .filter(({ kind }) => kind !== 'differs' && kind !== 'never-sent')
        .map(({ kind, record, associateNos }) => [kind, record ?? associateNos]);
    const all = [
      ['doubled', [700, 701]],
      ['gone', 'customer:C-2'],
      ['only-in-erp', [700]],
      ['only-in-erp', [701]],
    ];
    expect(await listed()).toEqual(all);
    const settle = (...flags: readonly string[]) => command(world, 'reconcile', 'settle', ...flags);
    expect((await settle('700,701', '--kind', 'doubled', '--ignore', ' ')).code).toBe(2);
    expect((await settle('700,701', '--ignore', 'two branches')).code).toBe(0);
    expect((await settle('customer:C-2', '--ignore', 'closed in both')).out).toContain('customer:C-2 gone');
    expect((await settle('customer:C-2', '--ignore', 'again')).err).toContain('no such difference');
    expect((await settle('--all', '--kind', 'only-in-erp', '--ignore', 'not in the CRM', '--yes')).code).toBe(0);
    expect(await listed()).toEqual([]);
    world.sandbox.edit(700, { name: 'Dobbel og Sønn AS' });
    expect(await listed()).toEqual([['only-in-erp', [700]]]);
    world.sandbox.edit(701, { name: 'Dobbel og Sønn AS' });
    expect(await listed()).toEqual([all[0], ...all.slice(2)]);
    const kept = (await world.rows()).filter(({ partitionKey }) => partitionKey === 'differences');
    expect(JSON.stringify(kept)).not.toMatch(/Dobbel|Borte|3270/);
  });

  it('is linked from either side', async () => {
    await moved(1);
    world.sandbox.seed([{ associateNo: 700, customerNo: 20_700, name: 'Firma C-1' }]);
    await command(world, 'reconcile');
    expect((await command(world, 'reconcile', 'settle', '700', '--link', 'customer:C-1')).code).toBe(0);
    expect(await noOf('C-1')).toBe(700);
    expect((await command(world, 'reconcile', 'settle', 'customer:C-1', '--unlink')).code).toBe(0);
    expect(await noOf('C-1')).toBe(0);
  });

  it.each(['{"city":"crm"}', '{"city":"ask"}'])(
    'settled for the ERP stays settled when the row is looked at before the CRM has it, with FIELD_OWNER=%s',
    async (FIELD_OWNER) => {
      await Promise.all([world.stop(), crm.stop()]);
      await start({ FIELD_OWNER });
      await moved(1);
      await command(world, 'reconcile', 'settle', 'customer:C-1', '--field', 'city', '--use', 'erp');
      await takeHints(world.sync, [(await world.state(customer('C-1')))?.associateNo ?? fail()]);
      await world.apply(customer('C-1'));
      expect(await answers(world, 'failed', 'list', '--all')).toEqual([]);
      const written = await writeFields({ sync: world.sync, writeBack: world.engine.writeBack }, customer('C-1'));
      expect(written.outcome).toBe('written');
    },
  );

  it('of a restricted person is left alone, and what was on its way to the CRM waits', async () => {
    await moved(1);
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1', name: 'Kari Nordmann' }));
    await world.drain();
    world.sandbox.edit((await world.state(contact('P-1')))?.associateNo ?? 0, { name: 'Kari Hansen' });
    const settle = ['reconcile', 'settle', 'contact:P-1', '--field', 'name', '--use', 'erp'];
    expect((await command(world, ...settle)).code).toBe(0);
    await command(world, 'privacy', 'restrict', 'contact:P-1');
    const { code, err } = await command(world, ...settle);
    expect([code, err]).toEqual([1, expect.stringContaining('record.restricted')]);
    const write = () => writeFields({ sync: world.sync, writeBack: world.engine.writeBack }, contact('P-1'));
    expect(await write()).toMatchObject({ outcome: 'dropped' });
    expect(crm.records.calls.filter(({ body }) => JSON.stringify(body).includes('Hansen'))).toEqual([]);
    await command(world, 'privacy', 'unrestrict', 'contact:P-1', '--apply');
    await world.apply(contact('P-1'));
    expect(await write()).toMatchObject({ outcome: 'written' });
  });

  it.each([
    ['nothing chosen', ['customer:C-1']],
    ['two ways', ['customer:C-1', '--use', 'crm', '--ignore', 'x']],
    ['no field', ['customer:C-1', '--use', 'crm']],
    ['a field that is none', ['customer:C-1', '--field', 'addres', '--use', 'crm']],
    ['a field that no record has', ['--all', '--field', 'addres', '--use', 'crm']],
    ['neither a record nor --all', ['--use', 'crm']],
    ['links of many', ['--all', '--kind', 'gone', '--unlink']],
    ['a value for what is no field', ['--all', '--kind', 'gone', '--use', 'crm']],
    ['a row that is none', ['customer:C-1', '--link', '0']],
  ])('%s is a wrong command line', async (_what, flags) => {
    expect((await command(world, 'reconcile', 'settle', ...flags)).code).toBe(2);
  });
});
