import { afterEach, describe, expect, it } from 'vitest';
import { startCrmSimulator, type CrmEvent, type CrmSimulator } from '../../../local/crm/index.ts';
import { takeHints, writeFields } from '../../../shared/sync/index.ts';
import { reconcile } from '../../../shared/sync/operate/reconcile.ts';
import { fetchNow } from '../../../shared/ports.ts';
import { customerEvent } from '../../kit/events.ts';
import { customer, startWorld, type World } from '../../kit/world.ts';

// A CRM that speaks this program's events, over HTTP: its versions, records and lists as they are, not as stand-ins.

let world: World;
let crm: CrmSimulator;
afterEach(async () => {
  await Promise.all([world.stop(), crm.stop()]);
});

const C = customer('C-1');
const ADDRESS = { address: 'Rødbølveien 22', city: 'Larvik' };

interface Options {
  readonly isReadable?: boolean;
  readonly crmFetch?: typeof fetch;
  /** Null: the CRM's events have no versions. */
  readonly version?: number | null;
}

/** What the CRM has told of writes to it, and what of that has been heard here. */
const echoes: CrmEvent[] = [];

async function start({ isReadable = true, crmFetch = fetchNow, version = 1 }: Options = {}): Promise<void> {
  echoes.length = 0;
  crm = await startCrmSimulator({ token: 'token', isReadable, tell: (event) => echoes.push(event) });
  const api = { CRM_API_URL: crm.origin, CRM_API_TOKEN: 'token', ERP_TO_CRM: 'write' };
  world = await startWorld({ settings: api, crmFetch });
  await own(ADDRESS, version);
  await world.drain();
  await world.payWriteBacks();
}

/** An edit of the CRM's own; told at once unless it is said to be on its way. */
async function own(data: object, version: number | null, isTold = true): Promise<void> {
  const occurredAt = new Date(world.now()).toISOString();
  const event = customerEvent('C-1', data, { occurredAt, version: version ?? 0 }) as CrmEvent;
  if (version === null) Reflect.deleteProperty(event, 'version');
  crm.records.take(event);
  if (isTold) await world.send(event);
}

/** Accounting edits the row, and Visma says so. */
async function edit(change: Parameters<World['sandbox']['edit']>[1], record = C): Promise<void> {
  world.advance(60_000);
  const no = (await world.state(record))?.associateNo ?? null;
  if (no === null) throw new Error('not linked');
  world.sandbox.edit(no, change);
  await takeHints(world.sync, [no]);
  await world.apply(record);
}
const write = (record = C) => writeFields({ sync: world.sync, writeBack: world.engine.writeBack }, record);
const open = async () => (await world.state(C))?.wayBack.open ?? {};
const fieldCalls = () => crm.records.calls.filter(({ body }) => !JSON.stringify(body).includes('Number'));

describe('a field that is written', () => {
  it('carries the version that is known; the CRM’s event for it causes no further write', async () => {
    await start();
    await edit({ addressLine1: 'Storgata 5' });
    expect((await write()).outcome).toBe('written');
    expect(fieldCalls()).toMatchObject([{ ifMatch: '"1"', outcome: 200, body: { address: 'Storgata 5' } }]);
    expect(echoes).toMatchObject([{ version: 2, data: { crmId: 'C-1', address: 'Storgata 5', city: 'Larvik' } }]);
    const before = world.sandbox.requests.counts.operations.update;
    world.advance(1_000);
    await world.send(...echoes.map((event) => ({ ...event, occurredAt: new Date(world.now()).toISOString() })));
    await world.drain();
    expect((await world.state(C))?.applied?.version).toBe(2);
    await edit({ information1: 'x' });
    expect((await write()).outcome).toBe('nothing-to-do');
    expect(world.sandbox.requests.counts.operations.update).toBe(before);
    await edit({ postalArea: 'Sandefjord' });
    expect((await write()).outcome).toBe('written');
    expect(fieldCalls().map(({ ifMatch }) => ifMatch)).toEqual(['"1"', '"2"']);
  });

  it('meets 412 where the CRM has something newer: it waits for that event, and is listed nowhere', async () => {
    await start();
    await edit({ addressLine1: 'Storgata 5' });
    await own({ ...ADDRESS, city: 'Sandefjord' }, 2, false);
    expect(await write()).toEqual({ outcome: 'waiting', code: 'crm.not-yet-shown' });
    expect(fieldCalls()).toMatchObject([{ outcome: 412 }]);
    expect((await write()).outcome).toBe('nothing-to-do');
    expect(fieldCalls()).toHaveLength(1);
    expect(await open()).toEqual({});
    expect(await world.failures()).toEqual([]);
    world.advance(60_000);
    await own({ ...ADDRESS, city: 'Sandefjord' }, 2);
    await world.drain();
    expect((await write()).outcome).toBe('written');
    expect(fieldCalls()).toMatchObject([{ outcome: 412 }, { ifMatch: '"2"', outcome: 200 }]);
    expect(crm.records.customers.get('C-1')).toMatchObject({ address: 'Storgata 5', city: 'Sandefjord' });
  });

  it('meets 412 where the CRM has changed the same field: both values are for a person', async () => {
    await start();
    await edit({ addressLine1: 'Storgata 5' });
    await own({ ...ADDRESS, address: 'Havnegata 1' }, 2, false);
    await write();
    world.advance(60_000);
    await own({ ...ADDRESS, address: 'Havnegata 1' }, 2);
    await world.drain();
    expect((await write()).outcome).toBe('nothing-to-do');
    expect(await open()).toMatchObject({ address: { is: 'conflict' } });
    expect(crm.records.customers.get('C-1')).toMatchObject({ address: 'Havnegata 1' });
  });

  it('is sent again with the same key when the answer was lost, and counts once', async () => {
    let lose = true;
    await start({
      async crmFetch(input, init) {
        const response = await fetchNow(input, init);
        if (!lose || typeof init?.body !== 'string' || !init.body.includes('Storgata')) return response;
        lose = false;
        throw new TypeError('fetch failed');
      },
    });
    await edit({ addressLine1: 'Storgata 5' });
    expect((await write()).outcome).toBe('waiting');
    world.advance(120_000);
    expect((await write()).outcome).toBe('written');
    expect(new Set(fieldCalls().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(crm.records.versions.get('customers/C-1')).toBe(2);
    expect(echoes).toHaveLength(1);
  });

  it('is not asked for any more once accounting has changed the row again: what the CRM says then is decided on', async () => {
    await start({ crmFetch: async () => Promise.reject(new TypeError('fetch failed')) });
    await edit({ addressLine1: 'Storgata 5' });
    expect(await write()).toMatchObject({ outcome: 'waiting' });
    world.sandbox.edit((await world.state(C))?.associateNo ?? 0, { addressLine1: 'Storgata 6' });
    expect((await write()).outcome).toBe('dropped');
    world.advance(1_000);
    await own({ ...ADDRESS, address: 'Havnegata 1' }, 2);
    expect((await world.apply(C)).outcome).not.toBe('waiting');
    expect(await open()).toMatchObject({ address: { is: 'conflict' } });
  });

  it('of a CRM without versions is not written over an edit of its own that shows in the record', async () => {
    await start({ version: null });
    await edit({ addressLine1: 'Storgata 5' });
    crm.records.customers.set('C-1', { ...crm.records.customers.get('C-1'), address: 'Havnegata 1' });
    expect(await write()).toEqual({ outcome: 'waiting', code: 'crm.not-yet-shown' });
    expect(fieldCalls()).toEqual([]);
  });

  it('of a CRM without versions or records to read is written all the same', async () => {
    await start({ version: null, isReadable: false });
    await edit({ addressLine1: 'Storgata 5' });
    expect((await write()).outcome).toBe('written');
    expect(fieldCalls()).toMatchObject([{ ifMatch: undefined, outcome: 200 }]);
  });
});

describe('a token that the CRM refuses', () => {
  let isRefused = true;
  const refusing: typeof fetch = async (input, init) => {
    const isFields = typeof init?.body === 'string' && !init.body.includes('Number');
    return isFields && isRefused ? new Response(null, { status: 401 }) : fetchNow(input, init);
  };
  const flow = () => world.engine.writeBack.flow.status('fresh');
  const later = async () => {
    world.advance(120_000);
    return write();
  };

  it('for one record alone is that record’s, after three tries', async () => {
    isRefused = true;
    await start({ crmFetch: refusing });
    await edit({ addressLine1: 'Storgata 5' });
    expect([await write(), await later(), await later()]).toEqual([
      { outcome: 'waiting', code: 'crm.unavailable' },
      { outcome: 'waiting', code: 'crm.unavailable' },
      { outcome: 'failed', code: 'crm.refused' },
    ]);
    expect(await open()).toMatchObject({ address: { is: 'refused' } });
    expect(await flow()).toMatchObject({ is: 'open' });
  });

  it('for several stops the flow and lists none; once it is right, one field is the probe and all go out', async () => {
    isRefused = true;
    await start({ crmFetch: refusing });
    const D = customer('C-2');
    await world.send(customerEvent('C-2', { ...ADDRESS, companyName: 'Brygga AS', organizationNumber: null }));
    await world.drain();
    await world.payWriteBacks();
    await edit({ addressLine1: 'Storgata 5' });
    await edit({ addressLine1: 'Storgata 6' }, D);
    await write();
    expect(await write(D)).toEqual({ outcome: 'waiting', code: 'crm.unauthorized' });
    expect(await flow()).toMatchObject({ is: 'stopped', code: 'crm.unauthorized' });
    world.advance(60_000);
    expect(await write()).toEqual({ outcome: 'waiting', code: 'crm.unauthorized' });
    expect(await open()).toEqual({});
    isRefused = false;
    world.advance(120_000);
    expect((await write()).outcome).toBe('written');
    expect(await flow()).toMatchObject({ is: 'open' });
    expect((await write(D)).outcome).toBe('written');
    expect(fieldCalls().map(({ body }) => body)).toEqual([{ address: 'Storgata 5' }, { address: 'Storgata 6' }]);
  });
});

describe('the CRM’s lists', () => {
  const lines = async () => reconcile({ sync: world.sync, crm: world.engine.crm });
  const inCrmAlone = (n: number): void =>
    crm.records.take({
      ...(customerEvent(`X-${n}`, { companyName: `Firma ${n}` }, { version: 1 }) as CrmEvent),
    });

  it('show what was never sent, page by page, and what differs there and not here', async () => {
    await start();
    for (let n = 1; n <= 501; n += 1) inCrmAlone(n);
    crm.records.customers.set('C-1', { ...crm.records.customers.get('C-1'), city: 'Tønsberg' });
    const found = await lines();
    expect(found.filter(({ kind }) => kind === 'never-sent')).toHaveLength(501);
    expect(found.filter(({ kind }) => kind !== 'never-sent')).toMatchObject([
      { kind: 'differs', record: 'customer:C-1', fields: ['city'] },
    ]);
    expect(JSON.stringify(found)).not.toContain('Firma');
  });

  it.each([404, 405])('are not there with HTTP %i: hashes are compared, and never-sent is left out', async (status) => {
    const asked: string[] = [];
    await start({
      async crmFetch(input, init) {
        const { method, url } = new Request(input, init);
        if (method !== 'GET') return fetchNow(input, init);
        asked.push(new URL(url).pathname);
        return new Response(null, { status });
      },
    });
    inCrmAlone(1);
    crm.records.customers.set('C-1', { ...crm.records.customers.get('C-1'), city: 'Tønsberg' });
    expect(await lines()).toEqual([]);
    expect(asked).toContain('/customers');
    const no = (await world.state(C))?.associateNo ?? null;
    if (no === null) throw new Error('not linked');
    world.sandbox.edit(no, { postalArea: 'Sandefjord' });
    expect(await lines()).toMatchObject([{ kind: 'differs', record: 'customer:C-1', fields: ['city'] }]);
  });

  it('that cannot be read just now end the comparison: nothing is half said', async () => {
    await start({
      async crmFetch(input, init) {
        return new Request(input, init).method === 'GET' ? new Response(null, { status: 503 }) : fetchNow(input, init);
      },
    });
    await expect(lines()).rejects.toThrow('crm.unavailable');
  });
});
