import { afterEach, describe, expect, it } from 'vitest';
import type { RecordRef } from '../../../shared/record/index.ts';
import { Lease } from '../../../shared/sync/attempt/lease.ts';
import { listOpenFields } from '../../../shared/sync/operate/open-fields.ts';
import { replay } from '../../../shared/sync/operate/replay.ts';
import { takeHints, writeFields } from '../../../shared/sync/index.ts';
import { pollWhenDue } from '../../../shared/sync/way-back/poll.ts';
import { settleField, type FieldChoice } from '../../../shared/sync/way-back/settle-field.ts';
import { startCrmSimulator, type CrmSimulator } from '../../../local/crm/index.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { contact, customer, startWorld, type World } from '../../kit/world.ts';

let world: World;
let crm: CrmSimulator;
let version = 1;
afterEach(async () => {
  await Promise.all([world.stop(), crm.stop()]);
});

const C = customer('C-1');

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  crm = await startCrmSimulator({ token: 'token' });
  const api = { CRM_API_URL: crm.origin, CRM_API_TOKEN: 'token' };
  world = await startWorld({ settings: { ERP_TO_CRM: 'write', ...api, ...settings } });
  await world.send(customerEvent('C-1', { address: 'Rødbølveien 22', city: 'Larvik' }));
  await world.drain();
}

const noOf = async (record: RecordRef = C) => (await world.state(record))?.associateNo ?? fail();
const fail = (): never => {
  throw new Error('not linked');
};
const settle = (ref: RecordRef, field: string, choice: FieldChoice) =>
  settleField(world.sync, { ref, field, choice, isSeen: () => true });
const row = async (record: RecordRef = C) => {
  const no = await noOf(record);
  return world.sandbox.rows().find(({ associateNo }) => associateNo === no);
};

/** Accounting edits the row, and Visma says so. */
async function edit(change: Parameters<World['sandbox']['edit']>[1], record: RecordRef = C): Promise<string> {
  world.advance(60_000);
  const no = await noOf(record);
  world.sandbox.edit(no, change);
  await takeHints(world.sync, [no]);
  return (await world.apply(record)).outcome;
}
/** The CRM's next event of the customer, stamped now unless it says otherwise. */
async function event(data: object, occurredAt = new Date(world.now() + 60_000).toISOString()): Promise<void> {
  world.advance(60_001);
  version += 1;
  await world.send(customerEvent('C-1', data, { version, occurredAt }));
  await world.drain();
}
const write = (record: RecordRef = C) => writeFields({ sync: world.sync, writeBack: world.engine.writeBack }, record);
const told = () => crm.records.calls.map(({ body }) => body).filter((body) => !JSON.stringify(body).includes('Number'));
const open = async () => (await world.state(C))?.wayBack.open ?? {};
const updates = () => world.sandbox.requests.counts.operations.update;

describe('an edit of accounting’s', () => {
  it('reaches the CRM, and its own event for it causes nothing', async () => {
    await start();
    await edit({ addressLine1: 'Storgata 5' });
    expect((await write()).outcome).toBe('written');
    expect(told()).toEqual([{ address: 'Storgata 5' }]);
    const before = updates();
    await event({ address: 'Storgata 5', city: 'Larvik' });
    await edit({ information1: 'x' });
    expect((await write()).outcome).toBe('nothing-to-do');
    expect(told()).toHaveLength(1);
    expect(updates()).toBe(before);
    expect((await row())?.['addressLine1']).toBe('Storgata 5');
  });

  it('survives a snapshot that was taken before the CRM had it', async () => {
    await start();
    const stamped = new Date(world.now()).toISOString();
    await edit({ addressLine1: 'Storgata 5' });
    await write();
    await event({ address: 'Rødbølveien 22', city: 'Sandefjord' }, stamped);
    expect(await row()).toMatchObject({ addressLine1: 'Storgata 5', postalArea: 'Sandefjord' });
    expect(await open()).toEqual({});
  });

  it('is listed and not written with report; another release is a person’s', async () => {
    await start({ ERP_TO_CRM: 'report' });
    await edit({ addressLine1: 'Storgata 5' });
    expect((await write()).outcome).toBe('nothing-to-do');
    expect(await open()).toMatchObject({ address: { is: 'to-crm' } });
    expect(told()).toEqual([]);
    await edit({ addressLine1: 'Rødbølveien 22' });
    expect(await open()).toEqual({});
  });

  it('is not looked for with off', async () => {
    await start({ ERP_TO_CRM: 'off' });
    const before = world.sandbox.requests.counts.operations.all;
    expect(await edit({ addressLine1: 'Storgata 5' })).toBe('nothing-to-do');
    expect(world.sandbox.requests.counts.operations.all).toBe(before);
  });

  it('is not written where it only spells otherwise, empties, or holds what no event could carry', async () => {
    await start();
    await edit({ postalArea: 'LARVIK', addressLine1: '' });
    await edit({ addressLine1: 'Fødselsnummer 01010750160' });
    expect((await write()).outcome).toBe('nothing-to-do');
    expect(told()).toEqual([]);
  });

  it('stays where it is when the CRM owns the field', async () => {
    await start();
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1', emailAddress: 'kari@example.no' }));
    await world.drain();
    await edit({ emailAddress: 'annen@example.no' }, contact('P-1'));
    expect((await write(contact('P-1'))).outcome).toBe('nothing-to-do');
  });
});

describe('edits on both sides', () => {
  const both = async () => {
    await start();
    world.sandbox.edit(await noOf(), { addressLine1: 'Storgata 5' });
    await event({ address: 'Havnegata 1', city: 'Sandefjord' });
  };

  it('hold only their field; the rest of the record goes on', async () => {
    await both();
    expect(await row()).toMatchObject({ addressLine1: 'Storgata 5', postalArea: 'Sandefjord' });
    expect(await open()).toMatchObject({ address: { is: 'conflict' } });
    expect((await world.sync.ledger.readPending(C))?.row.failure).toBe('field.conflict');
  });

  it('are settled for the CRM’s value', async () => {
    await both();
    expect(await settle(C, 'address', { use: 'crm' })).toBe('sent');
    await world.apply(C);
    expect(await row()).toMatchObject({ addressLine1: 'Havnegata 1' });
    expect(await open()).toEqual({});
    expect(await world.sync.ledger.readPending(C)).toBeNull();
  });

  it('are settled for the ERP’s value', async () => {
    await both();
    await settle(C, 'address', { use: 'erp' });
    await world.apply(C);
    await write();
    expect(told()).toEqual([{ address: 'Storgata 5' }]);
    await event({ address: 'Storgata 5', city: 'Sandefjord' });
    expect(await open()).toEqual({});
    expect(await row()).toMatchObject({ addressLine1: 'Storgata 5' });
    expect(await world.sync.ledger.readPending(C)).toBeNull();
  });

  it('stay as they are while a person lets them be, and are a conflict again once either changes', async () => {
    await both();
    await settle(C, 'address', { ignore: true });
    await world.apply(C);
    await event({ address: 'Havnegata 1', city: 'Tønsberg' });
    await edit({ information1: 'x' });
    expect(await row()).toMatchObject({ addressLine1: 'Storgata 5', postalArea: 'Tønsberg' });
    expect(await open()).toEqual({});
    await edit({ addressLine1: 'Storgata 6' });
    await write();
    expect(told()).toEqual([]);
    expect(await open()).toMatchObject({ address: { is: 'conflict' } });
  });

  it('are settled by a person also while an instance is at work on the record', async () => {
    await both();
    const lease = await Lease.acquire(world.sync, C, await world.sync.ledger.readState(C));
    if (!(lease instanceof Lease)) throw new Error('held');
    const settled = settle(C, 'address', { use: 'crm' });
    await expect(Promise.race([settled, Promise.resolve('waits')])).resolves.toBe('waits');
    await lease.end({});
    expect(await settled).toBe('sent');
  });

  it('of a record that is not known here are said to be none', async () => {
    await start();
    await expect(settle(customer('C-9'), 'address', { use: 'crm' })).rejects.toMatchObject({ code: 'link.none' });
  });

  it('are no conflict where they say the same, or one owner is set', async () => {
    await start({ FIELD_OWNER: '{"city":"erp"}' });
    world.sandbox.edit(await noOf(), { addressLine1: 'Havnegata 1', postalArea: 'Tønsberg' });
    await event({ address: 'Havnegata 1', city: 'Sandefjord' });
    expect(await open()).toEqual({});
    await write();
    expect(told()).toEqual([{ city: 'Tønsberg' }]);
  });
});

describe('a row deleted in NXT', () => {
  it('is a person’s at once', async () => {
    await start();
    await edit(undefined);
    expect((await world.failures()).map(({ code }) => code)).toEqual(['link.gone']);
  });
});

describe('more edits than CRM_WRITES_PER_HOUR', () => {
  it('wait for a person, who lets them pass', async () => {
    await start({ CRM_WRITES_PER_HOUR: '0' });
    await edit({ addressLine1: 'Storgata 5' });
    expect(await write()).toMatchObject({ code: 'crm.held' });
    expect(told()).toEqual([]);
    await settle(C, 'address', { use: 'erp' });
    expect((await write()).outcome).toBe('written');
  });

  it('are let pass all at once by a replay of their code', async () => {
    await start({ CRM_WRITES_PER_HOUR: '0' });
    await edit({ addressLine1: 'Storgata 5', postalArea: 'Tønsberg' });
    await write();
    const all = { dryRun: false, cap: 10, release: false, pace: async () => undefined };
    expect(await replay(world.sync, { code: 'crm.held' }, { ...all, dryRun: true })).toMatchObject([
      { result: 'would-replay' },
    ]);
    expect(await replay(world.sync, { code: 'crm.held' }, all)).toMatchObject([{ result: 'replayed' }]);
    expect((await write()).outcome).toBe('written');
    expect(told()).toEqual([{ address: 'Storgata 5', city: 'Tønsberg' }]);
    expect(await listOpenFields(world.sync)).toEqual([]);
  });
});

describe('a replay of held edits', () => {
  it('says what stands in the way of one record, and goes on with the others', async () => {
    await start({ CRM_WRITES_PER_HOUR: '0' });
    const other = customer('C-2');
    await world.send(customerEvent('C-2', { companyName: 'Nabo AS', organizationNumber: null, address: 'Torget 1' }));
    await world.drain();
    for (const each of [C, other]) {
      await edit({ addressLine1: 'Storgata 5' }, each);
      await write(each);
    }
    world.sandbox.edit(await noOf(), undefined);
    const all = { dryRun: false, cap: 10, release: false, pace: async () => undefined };
    expect((await replay(world.sync, { code: 'crm.held' }, all)).map(({ result }) => result)).toEqual([
      'not-now',
      'replayed',
    ]);
    expect((await write(other)).outcome).toBe('written');
  });
});

describe('a restriction that comes between the decision and the write', () => {
  it('holds the value back until it is lifted', async () => {
    await start();
    await edit({ addressLine1: 'Storgata 5' });
    await world.sync.restrictions.set({ ref: C, since: new Date(world.now()).toISOString(), receipt: 'r' });
    expect((await write()).outcome).toBe('dropped');
    await world.sync.restrictions.lift(C);
    await world.apply(C);
    expect((await write()).outcome).toBe('written');
    expect(told()).toEqual([{ address: 'Storgata 5' }]);
  });
});

describe('without a hint', () => {
  it('changed rows are found by looking for them, in one request, and only what is news is looked at', async () => {
    await start({ NXT_POLL_MINUTES: '0.5' });
    // The sandbox stamps rows by the clock of this machine.
    world.advance(Date.now() - world.now());
    world.sandbox.edit(await noOf(), { addressLine1: 'Storgata 5', changedTimestamp: '2099-01-01T00:00:00' });
    const before = world.sandbox.requests.counts.operations.all;
    await pollWhenDue(world.sync);
    expect(world.sandbox.requests.counts.operations.all).toBe(before + 1);
    expect((await world.apply(C)).outcome).toBe('looked');
    expect((await write()).outcome).toBe('written');
    world.advance(60_000);
    await pollWhenDue(world.sync);
    expect((await world.apply(C)).outcome).toBe('nothing-to-do');
  });

  it('a value that was sent, emptied and is there again is news', async () => {
    await start({ NXT_POLL_MINUTES: '0.5' });
    crm.faults.add({ do: 'status', status: 503, next: 1 });
    await edit({ addressLine1: 'Storgata 5' });
    expect((await write()).outcome).toBe('waiting');
    await edit({ addressLine1: '' });
    world.advance(Date.now() - world.now());
    world.sandbox.edit(await noOf(), { addressLine1: 'Storgata 5', changedTimestamp: '2099-01-01T00:00:00' });
    await pollWhenDue(world.sync);
    expect((await world.apply(C)).outcome).toBe('looked');
    expect((await write()).outcome).toBe('written');
    expect(told()).toEqual([{ address: 'Storgata 5' }, { address: 'Storgata 5' }]);
  });

  it('nobody looks with 0, nor with off', async () => {
    await start({ NXT_POLL_MINUTES: '0' });
    const before = world.sandbox.requests.counts.operations.all;
    await pollWhenDue(world.sync);
    await pollWhenDue(await world.instance({ NXT_POLL_MINUTES: '15', ERP_TO_CRM: 'off' }));
    expect(world.sandbox.requests.counts.operations.all).toBe(before);
  });
});
