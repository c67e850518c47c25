import { afterEach, describe, expect, it } from 'vitest';
import { customerEvent } from '../kit/events.ts';
import { contact, customer, startWorld, type World } from '../kit/world.ts';
import { answers, command, FAST } from './command.ts';

let world: World;
afterEach(() => world.stop());

/** Two customers of one number in the ERP, neither with the CRM's name: nobody but a person can tell. */
async function ambiguous(): Promise<void> {
  const row = { companyNo: '921074352', customerNo: 10_001 };
  world = await startWorld({
    sandbox: {
      rows: [
        { ...row, associateNo: 5, name: 'Havna Nord AS' },
        { ...row, associateNo: 6, customerNo: 10_002, name: 'Havna Sør AS' },
      ],
    },
  });
  await world.send(customerEvent('C-1'));
  await world.drain();
  expect(await answers(world, 'failed', 'list', '--all')).toMatchObject([
    { kind: 'customer', crmId: 'C-1', code: 'match.ambiguous', candidates: [5, 6] },
  ]);
}

describe('a person settles which row a record is', () => {
  it('with link: the record is that row, nobody else is doubled, and the list is empty', async () => {
    await ambiguous();
    expect((await command(world, 'record', 'customer:C-1')).out).toContain('link customer:C-1 5');
    expect((await command(world, 'link', 'customer:C-1', '6', '--reason', 'asked Kari')).code).toBe(0);
    await world.drain();
    expect((await world.state(customer('C-1')))?.associateNo).toBe(6);
    expect(world.sandbox.rows()).toHaveLength(2);
    expect(await answers(world, 'failed', 'list', '--all')).toEqual([]);
    expect(await answers(world, 'audit', 'list')).toMatchObject([
      { action: 'link', by: 'tester', selection: 'customer:C-1 to 6', reason: 'asked Kari' },
    ]);
    expect((await command(world, 'record', 'customer:C-1')).out).toMatch(/In sync\.\nERP row: actor number 6/);
  });

  it('with --keep-erp and names of fields: the ERP’s values stay in these; a name that is none is refused', async () => {
    await ambiguous();
    const refused = await command(world, 'link', 'customer:C-1', '6', '--keep-erp', 'companyName,phone');
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('companyName,organizationNumber,address,postalCode,city');
    await command(world, 'link', 'customer:C-1', '6', '--keep-erp', 'companyName', '--reason', 'asked Kari');
    await world.drain();
    const row = world.sandbox.rows().find(({ associateNo }) => associateNo === 6);
    expect(row).toMatchObject({ name: 'Havna Sør AS', externalId: 'crm:customer:C-1' });
    expect(row?.postalArea).not.toBe('');
    expect(await answers(world, 'audit', 'list')).toMatchObject([
      { action: 'link', selection: 'customer:C-1 to 6, the ERP’s companyName stay' },
    ]);
  });

  it('with --keep-erp alone: all of them stay', async () => {
    await ambiguous();
    await command(world, 'link', 'customer:C-1', '6', '--keep-erp');
    await world.drain();
    const row = world.sandbox.rows().find(({ associateNo }) => associateNo === 6);
    expect(row).toMatchObject({ name: 'Havna Sør AS', postalArea: '', externalId: 'crm:customer:C-1' });
  });

  it('with --create: it is a record of its own', async () => {
    await ambiguous();
    await command(world, 'failed', 'replay', 'customer:C-1', '--create', ...FAST);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(3);
    expect(await world.failures()).toEqual([]);
  });

  it('with unlink: the row stays as it is and is nobody’s', async () => {
    await ambiguous();
    await command(world, 'link', 'customer:C-1', '6');
    await world.drain();
    world.advance(10_000);
    expect((await command(world, 'unlink', 'customer:C-1')).code).toBe(0);
    expect((await world.state(customer('C-1')))?.associateNo).toBeNull();
    expect(world.sandbox.rows().find(({ associateNo }) => associateNo === 6)?.externalId).toBe('');
  });

  it('and is told why not: a row that is not there, or another live record’s', async () => {
    await ambiguous();
    const gone = await command(world, 'link', 'customer:C-1', '99');
    expect(gone.code).toBe(1);
    expect(gone.err).toMatch(/^link\.not-found: /);
    await command(world, 'link', 'customer:C-1', '6');
    await world.drain();
    await world.send(customerEvent('C-2', { organizationNumber: null }));
    await world.drain();
    const { code, err } = await command(world, 'link', 'customer:C-2', '6');
    expect(code).toBe(1);
    expect(err).toMatch(/^match\.already-linked: /);
    expect((await command(world, 'link', 'customer:C-2', 'six')).code).toBe(2);
  });
});

describe('what waits', () => {
  it('is listed with its reason and its end, and can be tried now', async () => {
    world = await startWorld();
    await world.send({
      ...{ id: 'e1', type: 'contact.updated', occurredAt: '2026-11-01T08:00:00.000Z', version: 1 },
      data: { crmId: 'P-1', relatedCustomerCrmId: 'C-9', name: 'Kari', actorNumber: null },
    });
    await world.apply(contact('P-1'));
    const [waits] = await answers(world, 'waiting', 'list');
    expect(waits).toMatchObject({ kind: 'contact', crmId: 'P-1', code: 'customer.missing' });
    expect((await command(world, 'waiting', 'list')).out).toContain('2026-11-28');
    expect(await answers(world, 'waiting', 'free', 'contact:P-1', '--dry-run')).toMatchObject([
      { result: 'would-free' },
    ]);
    expect(await answers(world, 'waiting', 'free', 'contact:P-1')).toMatchObject([{ result: 'freed' }]);
    expect(await world.messages('changes')).not.toEqual([]);
    expect(await answers(world, 'audit', 'list')).toMatchObject([{ action: 'waiting.free', results: { freed: 1 } }]);
  });
});

it('what waits for its next attempt is tried at once by a replay that names it, and by resume', async () => {
  world = await startWorld();
  await world.send(customerEvent('C-1'), customerEvent('C-2', { organizationNumber: null }));
  const hour = new Date(world.now() + 3_600_000).toISOString();
  for (const record of [customer('C-1'), customer('C-2')]) {
    const { pending } = await world.sync.ledger.read(record);
    if (pending) await world.sync.ledger.movePending(pending, { notBefore: hour, attempts: 1 });
  }
  const dry = await answers(world, 'failed', 'replay', 'customer:C-1', '--dry-run', ...FAST);
  expect(dry).toMatchObject([{ crmId: 'C-1', result: 'would-free' }]);
  expect(await world.apply(customer('C-1'))).toMatchObject({ outcome: 'early' });
  expect(await answers(world, 'failed', 'replay', 'customer:C-1', ...FAST)).toMatchObject([{ result: 'freed' }]);
  expect(await world.apply(customer('C-1'))).toMatchObject({ outcome: 'created' });
  await command(world, 'resume');
  expect(await world.apply(customer('C-2'))).toMatchObject({ outcome: 'created' });
});

describe('what plan mode decided', () => {
  it('is listed, and written for those a person chooses, while the mode stays plan', async () => {
    world = await startWorld({ settings: { SYNC_MODE: 'plan' } });
    await world.send(
      customerEvent('C-2', { companyName: 'To AS', organizationNumber: null }),
      customerEvent('C-10', { companyName: 'Ti AS', organizationNumber: null }),
    );
    await world.drain();
    expect(world.sandbox.rows()).toEqual([]);
    expect(await answers(world, 'planned', 'list')).toMatchObject([{ crmId: 'C-2' }, { crmId: 'C-10' }]);

    expect(await answers(world, 'planned', 'apply', 'customer:C-10')).toMatchObject([{ result: 'sent' }]);
    await world.drain();
    expect(world.sandbox.rows()).toMatchObject([{ name: 'Ti AS' }]);
    expect(await answers(world, 'planned', 'list')).toMatchObject([{ crmId: 'C-2' }]);
    expect(await answers(world, 'audit', 'list')).toMatchObject([
      { action: 'planned.apply', selection: 'customer:C-10', results: { sent: 1 } },
    ]);

    // Nobody approved what the CRM sends afterwards.
    world.advance(10_000);
    await world.send(customerEvent('C-10', { companyName: 'Elleve AS', organizationNumber: null }, { version: 2 }));
    await world.drain();
    expect(world.sandbox.rows()).toMatchObject([{ name: 'Ti AS' }]);
  });
});
