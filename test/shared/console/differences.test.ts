import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCrmSimulator, type CrmSimulator } from '../../../local/crm/index.ts';
import { createOperations, writeFields } from '../../../shared/sync/index.ts';
import { keepDifferences, readDifferences } from '../../../shared/sync/operate/differences.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { contact, customer, startWorld, type World } from '../../kit/world.ts';
import { openSite } from './site.ts';

let world: World;
let crm: CrmSimulator;
beforeEach(async () => {
  crm = await startCrmSimulator({ token: 'token' });
  world = await startWorld({
    settings: { CRM_API_URL: crm.origin, CRM_API_TOKEN: 'token', ERP_TO_CRM: 'write' },
  });
  await world.send(
    customerEvent('C-1', { companyName: 'Nordlys AS', organizationNumber: null, address: 'Gate 1', city: 'Larvik' }),
    customerEvent('C-2', { companyName: 'Sørlys AS', organizationNumber: null, city: 'Moss' }),
    contactEvent('P-1', { relatedCustomerCrmId: 'C-1', name: 'Kari Nordmann' }),
  );
  await world.drain();
});
afterEach(() => Promise.all([world.stop(), crm.stop()]));

const numberOf = async (ref = customer('C-1')): Promise<number> => (await world.state(ref))?.associateNo ?? 0;
const rowOf = async (ref = customer('C-1')) => {
  const no = await numberOf(ref);
  return world.sandbox.rows().find(({ associateNo }) => associateNo === no);
};
const textOf = async (response: Response | Promise<Response>) => (await response).text();
const ERP_SAYS = 'Storgata 5';

describe('a field that accounting changed', () => {
  beforeEach(async () => {
    world.sandbox.edit(await numberOf(), { addressLine1: ERP_SAYS });
  });

  it('is listed by name when somebody compares, and not before', async () => {
    const site = openSite(world);
    const before = world.sandbox.requests.counts.operations.all;
    expect(await site.get('/differences')).toContain('Nobody has compared the two systems yet.');
    expect(world.sandbox.requests.counts.operations.all).toBe(before);
    const html = await textOf(site.post('/differences/run', { reason: 'month end' }));
    expect(html).toContain('customer:C-1');
    expect(html).toContain('name="field:customer:C-1:address"');
    expect(html).not.toMatch(/Storgata|Gate 1|name="field:customer:C-2/);
    expect(await world.sync.audit.list(1)).toMatchObject([{ action: 'reconcile', reason: 'month end' }]);
    expect(await site.get('/differences', 'nb')).toMatch(/Ulike felt[^]*1 forskjell/);
  });

  it('is shown with both values for a reason only', async () => {
    const site = openSite(world);
    await site.post('/differences/run');
    world.advance(1_000);
    const asked = { record: 'customer:C-1', kind: 'differs', from: '0' };
    const refused = await site.post('/differences/values', asked);
    expect(refused.status).toBe(400);
    expect(await refused.text()).not.toContain(ERP_SAYS);
    expect(await textOf(site.post('/differences/values', { ...asked, reason: 'to see' }))).toContain(ERP_SAYS);
    expect(await world.sync.audit.list(1)).toMatchObject([{ action: 'values.show', selection: 'customer:C-1' }]);
  });

  it('is settled for the ERP’s value, which the CRM gets', async () => {
    const site = openSite(world);
    await site.post('/differences/run');
    const html = await textOf(site.post('/differences', { 'field:customer:C-1:address': 'erp' }));
    expect(html).toContain('customer:C-1 address: it is on its way');
    expect(html).not.toContain('name="field:customer:C-1:address"');
    const { writeBack } = world.engine;
    expect((await writeFields({ sync: world.sync, writeBack }, customer('C-1'))).outcome).toBe('written');
    expect(crm.records.calls.map(({ body }) => body)).toContainEqual({ address: ERP_SAYS });
    expect(await textOf(site.post('/differences/run'))).toContain('Both sides agree.');
  });

  it('is settled for the CRM’s value, which the ERP gets with the CRM’s next event', async () => {
    const site = openSite(world);
    await site.post('/differences/run');
    const html = await textOf(site.post('/differences', { 'field:customer:C-1:address': 'crm' }));
    expect(html).toContain('it is written when the CRM sends the record again');
    expect(await rowOf()).toMatchObject({ addressLine1: ERP_SAYS });
    const data = { companyName: 'Nordlys AS', organizationNumber: null, address: 'Gate 1', city: 'Larvik' };
    const occurredAt = new Date(world.now() + 60_000).toISOString();
    world.advance(60_001);
    await world.send(customerEvent('C-1', data, { version: 2, occurredAt }));
    await world.drain();
    expect(await rowOf()).toMatchObject({ addressLine1: 'Gate 1' });
  });

  it('is let be with a reason, and comes back with the next edit', async () => {
    const site = openSite(world);
    await site.post('/differences/run');
    const choice = { 'field:customer:C-1:address': 'ignore', kind: 'differs', from: '0' };
    expect((await site.post('/differences', choice)).status).toBe(400);
    expect(await site.get('/differences')).toContain('name="field:customer:C-1:address"');
    expect(await textOf(site.post('/differences', { ...choice, reason: 'visiting address' }))).toContain('1 settled.');
    expect(await textOf(site.post('/differences/run'))).toContain('Both sides agree.');
    world.sandbox.edit(await numberOf(), { addressLine1: 'Storgata 7' });
    expect(await textOf(site.post('/differences/run'))).toContain('name="field:customer:C-1:address"');
  });

  it('shows a reader which it is, and lets only an operator compare or settle', async () => {
    await openSite(world).post('/differences/run');
    const site = openSite(world, { who: { roles: ['reader'] } });
    const html = await site.get('/differences');
    expect(html).toContain('address');
    expect(html).not.toMatch(/<form|type="radio"/);
    for (const path of ['/differences', '/differences/run', '/differences/values'])
      expect((await site.post(path, { reason: 'x', 'field:customer:C-1:address': 'crm' })).status).toBe(403);
  });
});

describe('a field that both changed', () => {
  const event = async (data: object, version: number) => {
    const occurredAt = new Date(world.now() + 60_000).toISOString();
    world.advance(60_001);
    const all = { companyName: 'Nordlys AS', organizationNumber: null, address: 'Gate 1', city: 'Larvik', ...data };
    await world.send(customerEvent('C-1', all, { version, occurredAt }));
    await world.drain();
  };
  const at = { code: 'field.conflict', from: '0' };
  beforeEach(async () => {
    world.sandbox.edit(await numberOf(), { addressLine1: ERP_SAYS });
    await event({ address: 'Havnegata 1' }, 2);
  });

  it('needs a person, who sees both values for a reason', async () => {
    const site = openSite(world);
    expect(await site.get('/needs')).toMatch(/differences\/open\?code=field\.conflict/);
    expect(await site.get('')).toContain('1 record needs you.');
    expect(await createOperations(world.engine).status()).toMatchObject({
      ...{ failures: { 'field.conflict': 1 }, needsPerson: true },
    });
    const html = await site.get('/differences/open?code=field.conflict');
    expect(html).toContain('name="field:customer:C-1:address"');
    expect(html).not.toMatch(/Storgata|Havnegata/);
    const record = { ...at, record: 'customer:C-1' };
    expect((await site.post('/differences/open/values', record)).status).toBe(400);
    const values = await textOf(site.post('/differences/open/values', { ...record, reason: 'to decide' }));
    expect(values).toMatch(/Havnegata 1[^]*Storgata 5/);
    const reader = openSite(world, { who: { roles: ['reader'] } });
    expect(await reader.get('/differences/open?code=field.conflict')).not.toMatch(/<form|type="radio"/);
    expect(await site.get('/differences/open?code=nonsense')).toContain('There is no such page.');
  });

  it.each([
    ['crm', 'Havnegata 1'],
    ['erp', ERP_SAYS],
  ])('is settled for %s', async (use, address) => {
    const site = openSite(world);
    const html = await textOf(site.post('/differences/open', { ...at, 'field:customer:C-1:address': use }));
    expect(html).toContain('customer:C-1 address: it is on its way');
    await world.apply(customer('C-1'));
    const { writeBack } = world.engine;
    if (use === 'erp') {
      await writeFields({ sync: world.sync, writeBack }, customer('C-1'));
      expect(crm.records.calls.map(({ body }) => body)).toContainEqual({ address });
      await event({ address }, 3);
    }
    expect(await rowOf()).toMatchObject({ addressLine1: address });
    expect(await site.get('/needs')).not.toContain('field.conflict');
    expect(await createOperations(world.engine).status()).toMatchObject({ failures: {}, needsPerson: false });
    expect(await world.pending()).toEqual([]);
  });
});

it('a row that is gone, and one that only the ERP has, are linked from the list', async () => {
  const site = openSite(world);
  world.sandbox.edit(await numberOf(), undefined);
  world.sandbox.seed([
    { associateNo: 700, customerNo: 20_700, name: 'Bare i Visma AS' },
    { associateNo: 701, customerNo: 20_701, name: 'Nordlys AS' },
  ]);
  const html = await textOf(site.post('/differences/run'));
  expect(html).toMatch(/Gone from the ERP<\/a\s*>: 1 difference[^s]/);
  expect(html).toMatch(/Only in the ERP<\/a\s*>: 2 differences/);
  const typed = { 'record:700': 'nonsense', 'record:701': 'customer:C-1' };
  const after = await textOf(site.post('/differences', { kind: 'only-in-erp', ...typed }));
  expect(after).toContain('Linked to actor number 701.');
  expect(after).toContain('nonsense: not a record');
  expect(await numberOf()).toBe(701);
  const { lines } = (await readDifferences(world.engine.control)) ?? {};
  expect(lines?.filter(({ kind }) => kind !== 'differs')).toEqual([
    { kind: 'only-in-erp', record: '', associateNos: [700], fields: [], marks: { line: expect.any(String) as string } },
  ]);
});

it('what cannot be compared just now is said, and what was found before stays', async () => {
  const site = openSite(world);
  await site.post('/differences/run');
  world.sandbox.faults.add({ do: 'status', status: 503 });
  const response = await site.post('/differences/run');
  expect(response.status).toBe(409);
  expect(await response.text()).toContain('Not done:');
  world.sandbox.faults.clear();
  expect(await site.get('/differences')).toContain('Both sides agree.');
});

it('thousands of each kind are pages that a phone takes; all are counted', async () => {
  const { control } = world.engine;
  const at = new Date(world.now()).toISOString();
  const fields = ['address', 'city', 'companyName', 'organizationNumber', 'postalCode'];
  const marks = Object.fromEntries(fields.map((field) => [field, 'abcdefghijklmnop']));
  const found = Array.from({ length: 3_000 }, (_, n) => [
    { kind: 'differs' as const, record: `customer:${'C'.repeat(50)}-${n}`, associateNos: [n + 1], fields, marks },
    { kind: 'only-in-erp' as const, associateNos: [n + 9_000], marks: { line: 'abcdefghijklmnop' } },
  ]).flat();
  await keepDifferences(control, { at, by: 'kari@example.no' }, found);
  const site = openSite(world);
  for (const path of ['', '?kind=differs&from=480', '?kind=only-in-erp']) {
    const html = await site.get(`/differences${path}`);
    expect(html).toContain('3000 differences');
    expect(Buffer.byteLength(html)).toBeLessThan(150_000);
  }
  expect(await site.get('/differences?from=480')).toContain(`-480:city`);
  expect(await createOperations(world.engine).status()).toMatchObject({
    differences: { count: 3_000, onlyInErp: 3_000 },
  });
  await keepDifferences(control, { at, by: 'kari@example.no' }, found.slice(0, 2));
  expect((await readDifferences(control))?.lines).toHaveLength(2);
});

it('contacts are settled as customers are', async () => {
  world.sandbox.edit(await numberOf(contact('P-1')), { name: 'Kari Hansen' });
  const site = openSite(world);
  expect(await textOf(site.post('/differences/run'))).toContain('name="field:contact:P-1:name"');
  expect(await textOf(site.post('/differences', { 'field:contact:P-1:name': 'erp' }))).toContain('1 settled.');
});
