import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { startCrmSimulator, type CrmSimulator } from '../../../local/crm/index.ts';
import { createCrmClient, writeBack } from '../../../shared/crm/index.ts';
import { readHealth } from '../../../shared/health.ts';
import { applyChange, sweep } from '../../../shared/sync/index.ts';
import { contact, customer, startWorld, type World } from '../../kit/world.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { replay } from '../../../shared/sync/operate/replay.ts';

let world: World;
let crm: CrmSimulator;
async function start(token = 'crm-token'): Promise<void> {
  crm = await startCrmSimulator({ token: 'crm-token' });
  world = await startWorld({ settings: { CRM_API_URL: crm.origin, CRM_API_TOKEN: token } });
}
afterEach(async () => {
  await world.stop();
  await crm.stop();
});
const listed = async () => (await world.failures()).map(({ ref, code }) => `${ref.crmId} ${code}`);
const owed = async () => (await world.sync.ledger.readOwed(customer('C-1'), 'writeback'))?.row ?? null;
const calls = () => crm.records.calls;

describe('new numbers', () => {
  it('are written back, of a customer and of its contact, with an idempotency key', async () => {
    await start();
    await world.send(customerEvent('C-1'), contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
    await world.drain();
    expect(await world.messages('writeBacks')).toHaveLength(2);
    await world.payWriteBacks();
    const [company, person] = world.sandbox.rows();
    expect(crm.records.customers.get('C-1')).toEqual({
      customerNumber: company?.customerNo,
      actorNumber: company?.associateNo,
    });
    expect(crm.records.contacts.get('P-1')).toEqual({
      actorNumber: person?.associateNo,
      relatedCustomerActorNumber: company?.associateNo,
    });
    expect(calls().every(({ idempotencyKey }) => idempotencyKey !== undefined)).toBe(true);
    expect(await owed()).toBeNull();
    // A second message finds nothing to do.
    await writeBack(world.engine.writeBack, customer('C-1'));
    expect(calls()).toHaveLength(2);
  });

  it('that the event itself brought are not sent back, and none are for an unchanged record', async () => {
    await start();
    world.sandbox.seed([{ associateNo: 5, customerNo: 10_001, name: 'Port-Service Øst AS' }]);
    await world.send(customerEvent('C-1', { actorNumber: 5, customerNumber: 10_001, organizationNumber: null }));
    await world.drain();
    world.advance(10_000);
    await world.send(customerEvent('C-1', { city: 'Stavern', organizationNumber: null }, { version: 2 }));
    await world.drain();
    expect(await owed()).toBeNull();
    expect(calls()).toEqual([]);
  });

  it('that were found before there was a CRM to tell are sent within a day of its setting', async () => {
    await start();
    const silent = await world.instance({ CRM_API_URL: '', CRM_API_TOKEN: '' });
    await world.send(customerEvent('C-1'));
    expect(await applyChange(silent, customer('C-1'))).toMatchObject({ outcome: 'created' });
    await sweep(silent);
    world.advance(24 * 3_600_000 + 1);
    await sweep(await world.instance({ SYNC_MODE: 'plan' }));
    expect(await owed()).toBeNull();
    world.advance(24 * 3_600_000 + 1);
    await sweep(world.sync);
    expect(await world.payWriteBacks()).toMatchObject([{ outcome: 'written' }]);
    expect(crm.records.customers.get('C-1')).toMatchObject({ actorNumber: world.sandbox.rows()[0]?.associateNo });
    world.advance(24 * 3_600_000 + 1);
    await sweep(world.sync);
    expect(await owed()).toBeNull();
    expect(calls()).toHaveLength(1);
  });

  it('are sent once more with the same key when the answer was lost', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    await world.payWriteBacks();
    const state = await world.state(customer('C-1'));
    if (!state) throw new Error('no state');
    await world.engine.writeBack.crm.writeNumbers(state);
    expect(new Set(calls().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(crm.records.writes.get('customers/C-1')).toBe(1);
  });
});

describe('a CRM that is down', () => {
  it('neither blocks nor repeats the ERP’s write, and gets the numbers within minutes of its return', async () => {
    await start();
    crm.faults.add({ do: 'status', status: 503 });
    await world.send(customerEvent('C-1'));
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
    for (let hour = 0; hour < 12; hour += 1) {
      expect(await world.payWriteBacks()).toMatchObject([{ outcome: 'waiting' }]);
      world.advance(3_600_000);
    }
    // However often it was tried: the next try is at most a minute away, and the sweep's a minute later.
    await world.payWriteBacks();
    const due = Date.parse((await owed())?.dueAt ?? '') - world.now();
    expect(due).toBeLessThan(2 * 60_000);
    crm.faults.clear();
    world.advance(due);
    await world.payWriteBacks();
    expect(crm.records.customers.has('C-1')).toBe(true);
    expect(world.sandbox.requests.counts.operations.create).toBe(1);
    expect(await listed()).toEqual([]);
  });

  it.each([
    [300, 300],
    [86_400, 600],
  ])('is left in peace for as long as it asks (%d s), but no longer than ten minutes', async (asked, left) => {
    await start();
    crm.faults.add({ do: 'status', status: 429, retryAfterSeconds: asked, next: 1 });
    await world.send(customerEvent('C-1'));
    await world.drain();
    await world.payWriteBacks();
    const wait = Date.parse((await owed())?.dueAt ?? '') - world.now();
    // The message; the sweep comes a minute later, should that be lost.
    expect(wait / 1000 - 60).toBeGreaterThan(left - 10);
    expect(wait / 1000 - 60).toBeLessThan(left + 10);
  });

  it('its entries are paid by the sweep when the message was lost', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    await world.clear('writeBacks');
    world.advance(60_000);
    await sweep(world.sync);
    expect(await world.messages('writeBacks')).toEqual(['{"kind":"customer","crmId":"C-1"}']);
  });
});

describe('a CRM that refuses', () => {
  it('an unknown record (404) is noted and dropped', async () => {
    await start();
    crm.records.forgotten.add('C-1');
    await world.send(customerEvent('C-1'));
    await world.drain();
    expect(await world.payWriteBacks()).toEqual([{ outcome: 'unknown-record' }]);
    expect(await owed()).toBeNull();
    expect(await listed()).toEqual([]);
  });

  it('the numbers (409) is listed with a pointer, not tried again by itself, and can be replayed', async () => {
    await start();
    crm.faults.add({ do: 'status', status: 409 });
    await world.send(customerEvent('C-1'));
    await world.drain();
    await world.payWriteBacks();
    expect(await listed()).toEqual(['C-1 crm.refused']);
    await sweep(world.sync);
    expect(await world.messages('changesPoison')).toHaveLength(1);
    const before = calls().length;
    world.advance(86_400_000);
    await sweep(world.sync);
    await world.payWriteBacks();
    expect(calls()).toHaveLength(before);

    crm.faults.clear();
    const options = { dryRun: false, cap: 10, release: false, pace: async () => undefined };
    expect(await replay(world.sync, {}, options)).toMatchObject([{ result: 'replayed' }]);
    await world.payWriteBacks();
    expect(crm.records.customers.has('C-1')).toBe(true);
    expect(await listed()).toEqual([]);
    expect(await owed()).toBeNull();
    expect(await world.messages('changesPoison')).toEqual([]);
  });

  it('the numbers is not forgotten when the record itself fails and recovers meanwhile', async () => {
    await start();
    crm.faults.add({ do: 'status', status: 409 });
    await world.send(customerEvent('C-1'));
    await world.drain();
    await world.payWriteBacks();
    world.advance(10_000);
    await world.send(customerEvent('C-1', { actorNumber: 4_711 }, { version: 2 }));
    await world.drain();
    expect(await listed()).toEqual(['C-1 match.conflict']);
    await world.send(customerEvent('C-1', {}, { version: 3 }));
    await world.drain();
    await world.payWriteBacks();
    expect(await listed()).toEqual(['C-1 crm.refused']);
  });

  it('the token (401) stops only the write-backs, until it is put right', async () => {
    await start('wrong-token');
    await world.send(customerEvent('C-1'), contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
    await world.drain();
    await world.payWriteBacks();
    const { flow } = world.engine.writeBack;
    expect(await flow.status()).toMatchObject({ is: 'stopped', code: 'crm.unauthorized' });
    expect((await world.sync.flow.status()).is).toBe('open');
    const before = calls().length;
    for (let minute = 0; minute < 5; minute += 1) {
      await world.payWriteBacks();
      world.advance(10_000);
    }
    // One instance probes with one of them; the others wait.
    expect(calls().length - before).toBeLessThanOrEqual(3);
    expect(await listed()).toEqual([]);

    const mended = startMended();
    world.advance(120_000);
    expect(await writeBack(mended, customer('C-1'))).toEqual({ outcome: 'written' });
    expect(await writeBack(mended, contact('P-1'))).toEqual({ outcome: 'written' });
    expect((await flow.status()).is).toBe('open');
  });
});

describe('what one record meets', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => customer(`C-${n}`));
  async function linked(count: number): Promise<void> {
    await start();
    await world.send(...many(count).map(({ crmId }) => customerEvent(crmId, { organizationNumber: null })));
    await world.drain();
  }
  const pay = (...refs: readonly ReturnType<typeof customer>[]) =>
    Promise.all(refs.map((ref) => writeBack(world.engine.writeBack, ref)));

  it('(403) is listed after a few tries, while the others’ numbers go and the flow stays open', async () => {
    await linked(6);
    crm.faults.add({ do: 'status', status: 403, crmId: 'C-3' });
    for (let tries = 0; tries < 3; tries += 1) {
      await pay(...many(6));
      expect((await world.engine.writeBack.flow.status()).is).toBe('open');
      world.advance(60_000);
    }
    expect(crm.records.customers.size).toBe(5);
    expect(await listed()).toEqual(['C-3 crm.refused']);
    // It is that record's, and can be replayed like any other.
    crm.faults.clear();
    await replay(world.sync, {}, { dryRun: false, cap: 10, release: false, pace: async () => undefined });
    await pay(...many(6));
    expect(crm.records.customers.size).toBe(6);
  });

  it('and so do several is the token’s: one stop, nobody listed, health degraded, and all go once it is well', async () => {
    await linked(4);
    crm.faults.add({ do: 'status', status: 403 });
    for (let tries = 0; tries < 4; tries += 1) {
      await pay(...many(4));
      world.advance(20_000);
    }
    expect(await world.engine.writeBack.flow.status()).toMatchObject({ is: 'stopped', code: 'crm.unauthorized' });
    expect(await readHealth(world.engine)).toBe('degraded');
    expect(await listed()).toEqual([]);
    crm.faults.clear();
    world.advance(60_000);
    await pay(...many(4));
    await pay(...many(4));
    expect(crm.records.customers.size).toBe(4);
  });
});

describe('an answer that is not the CRM’s', () => {
  /** A web server in the CRM's place; what it answers, and who asked. */
  async function stranger(status: number, headers: Readonly<Record<string, string>>) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const page = request.url === '/login';
      response.writeHead(page ? 200 : status, page ? { 'content-type': 'text/html' } : headers).end('<html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const client = createCrmClient({
      url: `http://127.0.0.1:${port}`,
      token: async () => 'crm-token',
      forgetToken: () => undefined,
    });
    return { asked, url: `http://127.0.0.1:${port}`, deps: { ...world.engine.writeBack, crm: client } };
  }

  it.each([
    ['a page where the CRM is being mended', 200, { 'content-type': 'text/html; charset=utf-8' }],
    ['a way to a sign-in page', 303, { location: '/login' }],
  ])('%s is no success: the numbers are owed until the CRM takes them', async (_name, status, headers) => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    const { asked, deps } = await stranger(status, headers);
    for (let tries = 0; tries < 5; tries += 1) {
      expect(await writeBack(deps, customer('C-1'))).toMatchObject({ outcome: 'waiting' });
      world.advance(60_000);
    }
    expect(new Set(asked)).toEqual(new Set(['PATCH /customers/C-1']));
    await world.payWriteBacks();
    expect(crm.records.customers.has('C-1')).toBe(true);
    expect(await owed()).toBeNull();
  });

  it('a redirect to elsewhere stops the flow once, by the setting’s name, and nothing goes there', async () => {
    await start();
    const refs = ['C-1', 'C-2', 'C-3'].map((crmId) => customer(crmId));
    await world.send(...refs.map(({ crmId }) => customerEvent(crmId, { organizationNumber: null })));
    await world.drain();
    const elsewhere = await stranger(200, {});
    const { deps } = await stranger(302, { location: `${elsewhere.url}/elsewhere` });
    for (let tries = 0; tries < 3; tries += 1) {
      for (const ref of refs) await writeBack(deps, ref);
      world.advance(10_000);
    }
    expect(await deps.flow.status()).toMatchObject({ is: 'stopped', code: 'crm.redirected', detail: 'CRM_API_URL' });
    expect(elsewhere.asked).toEqual([]);
    expect(await listed()).toEqual([]);
    world.advance(60_000);
    for (const ref of refs) await writeBack(world.engine.writeBack, ref);
    expect(crm.records.customers.size).toBe(3);
  });
});

/** The same process once the token is right. */
function startMended() {
  const client = createCrmClient({ url: crm.origin, token: async () => 'crm-token', forgetToken: () => undefined });
  return { ...world.engine.writeBack, crm: client };
}

describe('a write-back that is owed', () => {
  it('is put off only once the refusal is listed, so that a process that ends between the two hides nothing', async () => {
    await start();
    crm.faults.add({ do: 'status', status: 409 });
    await world.send(customerEvent('C-1'));
    await world.drain();
    const { ledger } = world.sync;
    const ended = new Error('the process ends');
    for (const effect of ['writeFailed', 'moveOwed'] as const) {
      const dying = { ...ledger, [effect]: async () => Promise.reject(ended) };
      await expect(writeBack({ ...world.engine.writeBack, ledger: dying }, customer('C-1'))).rejects.toBe(ended);
    }
    await writeBack(world.engine.writeBack, customer('C-1'));
    expect(await listed()).toEqual(['C-1 crm.refused']);
  });

  it('for newer numbers is not put off with the older, which the CRM refused', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    const refusing = {
      async writeNumbers() {
        const stored = await world.sync.ledger.readState(customer('C-1'));
        if (stored)
          await world.sync.ledger.save({ ...stored.row, numbersOwed: '9/9/0' }, stored, { owed: ['writeback'] });
        return 'refused' as const;
      },
    };
    await writeBack({ ...world.engine.writeBack, crm: refusing }, customer('C-1'));
    expect((await owed())?.dueAt).toMatch(/^20/);
  });

  it('for newer numbers is not paid with the answer to the older', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    const { crm: client } = world.engine.writeBack;
    const meanwhile: typeof client = {
      async writeNumbers(state) {
        const answer = await client.writeNumbers(state);
        const stored = await world.sync.ledger.readState(customer('C-1'));
        // The row was relinked: new numbers, owed anew, while the answer was under way.
        if (stored)
          await world.sync.ledger.save({ ...stored.row, numbersOwed: '9/9/0' }, stored, { owed: ['writeback'] });
        return answer;
      },
    };
    await writeBack({ ...world.engine.writeBack, crm: meanwhile }, customer('C-1'));
    expect(await owed()).not.toBeNull();
  });

  it('is dropped when the record has no row any more', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    const stored = await world.sync.ledger.readState(customer('C-1'));
    if (stored) await world.sync.ledger.save({ ...stored.row, associateNo: null }, stored, { owed: ['writeback'] });
    expect(await writeBack(world.engine.writeBack, customer('C-1'))).toEqual({ outcome: 'dropped' });
    expect(calls()).toEqual([]);
  });
});
