import { afterEach, describe, expect, it } from 'vitest';
import {
  type CrmEvent,
  type CrmSimulator,
  type CrmSimulatorOptions,
  startCrmSimulator,
} from '../../../local/crm/index.ts';

let crm: CrmSimulator | undefined;

afterEach(async () => {
  await crm?.stop();
});

async function start(options: Partial<CrmSimulatorOptions> = {}) {
  crm = await startCrmSimulator({ token: 'secret', ...options });
  const { origin, records, faults } = crm;
  const patch = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${origin}/${path}`, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer secret',
        'idempotency-key': 'k1',
        ...headers,
      },
      body: JSON.stringify(body),
    });
  return { origin, records, faults, patch };
}

const NUMBERS = { customerNumber: 10_001, actorNumber: 51 };

describe('the CRM', () => {
  it('keeps the numbers of customers and contacts apart', async () => {
    const { patch, records } = await start();
    expect((await patch('customers/X-1', NUMBERS)).status).toBe(200);
    expect((await patch('contacts/X-1', { actorNumber: 52, relatedCustomerActorNumber: 51 })).status).toBe(200);
    expect(Object.fromEntries(records.customers)).toEqual({ 'X-1': NUMBERS });
    expect(records.contacts.get('X-1')).toEqual({ actorNumber: 52, relatedCustomerActorNumber: 51 });
  });

  it('counts a repeated Idempotency-Key as one write but two calls', async () => {
    const { patch, records } = await start();
    await patch('customers/C-1', NUMBERS);
    await patch('customers/C-1', NUMBERS);
    expect(records.calls).toHaveLength(2);
    expect(records.writes.get('customers/C-1')).toBe(1);
    await patch('customers/C-1', NUMBERS, { 'idempotency-key': 'k2' });
    expect(records.writes.get('customers/C-1')).toBe(2);
  });

  it('refuses a wrong token, a missing key, an unknown field and an unknown path', async () => {
    const { patch, records } = await start();
    expect((await patch('customers/C-1', NUMBERS, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await patch('customers/C-1', NUMBERS, { 'idempotency-key': '' })).status).toBe(400);
    expect((await patch('customers/C-1', { ...NUMBERS, name: 'x' })).status).toBe(422);
    expect((await patch('orders/C-1', NUMBERS)).status).toBe(404);
    expect(records.customers.size).toBe(0);
  });

  it('does not know a record it has forgotten', async () => {
    const { patch, records } = await start();
    records.forgotten.add('C-1');
    expect((await patch('customers/C-1', NUMBERS)).status).toBe(404);
  });

  it('answers with the fault’s status as often as told, for one record where told', async () => {
    const { patch, faults, records } = await start();
    faults.add({ do: 'status', status: 503, retryAfterSeconds: 3, next: 1, crmId: 'C-1' });
    expect((await patch('customers/C-2', NUMBERS)).status).toBe(200);
    const struck = await patch('customers/C-1', NUMBERS);
    expect([struck.status, struck.headers.get('retry-after')]).toEqual([503, '3']);
    expect(records.customers.has('C-1')).toBe(false);
    expect((await patch('customers/C-1', NUMBERS)).status).toBe(200);
  });

  it('counts fields that are written as versions, refuses another with 412, and tells of each once', async () => {
    const told: CrmEvent[] = [];
    const { patch, records } = await start({ tell: (event) => told.push(event) });
    const data = { crmId: 'C-1', companyName: 'Port-Service Øst AS', city: 'Larvik' };
    records.take({ id: 'e1', type: 'customer.created', occurredAt: '2026-11-20T08:00:00Z', version: 4, data });
    expect((await patch('customers/C-1', NUMBERS)).status).toBe(200);
    expect(
      (await patch('customers/C-1', { city: 'Oslo' }, { 'if-match': '"3"', 'idempotency-key': 'k2' })).status,
    ).toBe(412);
    const moved = () => patch('customers/C-1', { city: 'Oslo' }, { 'if-match': '"4"', 'idempotency-key': 'k3' });
    expect([(await moved()).status, (await moved()).status]).toEqual([200, 200]);
    expect(told).toMatchObject([{ type: 'customer.updated', version: 5, data: { ...data, ...NUMBERS, city: 'Oslo' } }]);
    records.take({ id: 'e2', type: 'customer.updated', occurredAt: '2026-11-20T08:00:00Z', version: 4, data });
    expect(records.customers.get('C-1')).toMatchObject({ city: 'Oslo' });
  });

  it('shows records and pages of them where it is to, by their ids', async () => {
    const { origin, patch } = await start({ isReadable: true });
    const get = (path: string) => fetch(`${origin}/${path}`, { headers: { authorization: 'Bearer secret' } });
    for (const id of ['C-2', 'C-1', 'C-3']) await patch(`customers/${id}`, NUMBERS, { 'idempotency-key': id });
    expect(await (await get('customers/C-2')).json()).toEqual({ crmId: 'C-2', ...NUMBERS });
    expect((await get('customers/C-9')).status).toBe(404);
    expect((await fetch(`${origin}/customers`)).status).toBe(401);
    expect(await (await get('customers?after=C-1&limit=1')).json()).toMatchObject({
      items: [{ crmId: 'C-2' }],
      next: 'C-2',
    });
    expect(await (await get('customers?after=C-2&limit=1')).json()).toMatchObject({
      items: [{ crmId: 'C-3' }],
      next: null,
    });
  });

  it('hangs until the caller gives up', async () => {
    const { origin, faults, records } = await start();
    faults.add({ do: 'hang' });
    const giveUp = new AbortController();
    const call = fetch(`${origin}/customers/C-1`, { method: 'PATCH', body: '{}', signal: giveUp.signal });
    await expect.poll(() => records.calls.length).toBe(1);
    giveUp.abort();
    await expect(call).rejects.toThrow();
    expect(records.calls).toMatchObject([{ crmId: 'C-1', outcome: 'hang' }]);
  });

  it('shows its records, and takes faults from another process', async () => {
    const { origin, patch } = await start();
    await patch('customers/C-1', NUMBERS);
    expect(await (await fetch(`${origin}/records`)).json()).toMatchObject({ customers: { 'C-1': NUMBERS } });
    await fetch(`${origin}/faults`, { method: 'POST', body: JSON.stringify([{ do: 'status', status: 409 }]) });
    expect((await patch('customers/C-1', NUMBERS)).status).toBe(409);
  });
});
