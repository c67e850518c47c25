import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCrmSimulator, type CrmSimulator } from '../../../local/crm/index.ts';
import { createOperations } from '../../../shared/sync/index.ts';
import { beginRun } from '../../../shared/sync/operate/differences.ts';
import { customerEvent } from '../../kit/events.ts';
import { customer, startWorld, type World } from '../../kit/world.ts';
import { openSite, type Site } from './site.ts';

const IDS = ['C-1', 'C-2', 'C-3'];
let world: World;
let crm: CrmSimulator;
let site: Site;
beforeEach(async () => {
  crm = await startCrmSimulator({ token: 'token' });
  world = await startWorld({
    settings: { CRM_API_URL: crm.origin, CRM_API_TOKEN: 'token', ERP_TO_CRM: 'report', CRM_WRITES_PER_HOUR: '2' },
  });
  for (const id of IDS)
    await world.send(customerEvent(id, { companyName: `Firma ${id}`, organizationNumber: null, city: 'Larvik' }));
  await world.drain();
  for (const id of IDS) world.sandbox.edit(await noOf(id), { postalArea: 'Tjøme' });
  site = openSite(world);
});
afterEach(() => Promise.all([world.stop(), crm.stop()]));

const noOf = async (id: string): Promise<number> => (await world.state(customer(id)))?.associateNo ?? 0;
const textOf = async (response: Response | Promise<Response>) => (await response).text();
/** What a form with this in it says of it. */
const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
const status = () => createOperations(world.engine).status();
const listed = async () => (await createOperations(world.engine).differences())?.lines ?? [];

describe('many differences at once', () => {
  it('are first said, then settled as far as the hour has room, and the rest stays listed', async () => {
    const html = await textOf(site.post('/differences/run'));
    const form = { kind: 'differs', field: 'city', use: 'erp', comparedAt: hidden(html, 'comparedAt') };
    const plan = await textOf(site.post('/differences/all', form));
    expect(plan).toContain('2 differences');
    expect(plan).toContain('At most 2 fields an hour');
    expect(plan).toContain('1 stay on the list.');
    expect(await listed()).toHaveLength(3);
    world.advance(1_000);
    const done = await textOf(site.post('/differences/all', { ...form, confirmed: 'yes', reason: 'moved' }));
    expect(done).toMatch(/2 settled\.[^]*2 differences: it is on its way[^]*1 stay on the list\./);
    expect(await listed()).toHaveLength(1);
    expect(await world.sync.audit.list(1)).toMatchObject([{ selection: 'every differs city: erp', reason: 'moved' }]);
  });

  it('are refused where the list is another by now, and nobody but an operator may', async () => {
    await site.post('/differences/run');
    const form = { kind: 'differs', field: '', use: 'erp', confirmed: 'yes' };
    const changed = await site.post('/differences/all', { ...form, comparedAt: '2026-01-01T00:00:00.000Z' });
    expect([changed.status, (await listed()).length]).toEqual([412, 3]);
    const reader = openSite(world, { who: { roles: ['reader'] } });
    expect(await reader.get('/differences')).not.toContain('/differences/all');
    expect((await reader.post('/differences/all', form)).status).toBe(403);
  });

  it('are let be only with a reason', async () => {
    const html = await textOf(site.post('/differences/run'));
    const comparedAt = hidden(html, 'comparedAt');
    const form = { kind: 'differs', field: '', use: 'ignore', comparedAt, confirmed: 'yes' };
    expect((await site.post('/differences/all', form)).status).toBe(400);
    expect(await textOf(site.post('/differences/all', { ...form, reason: 'visiting' }))).toContain('3 settled.');
    expect(await textOf(site.post('/differences/run'))).toContain('Both sides agree.');
  });
});

describe('what the form showed', () => {
  const settle = (html: string) =>
    textOf(
      site.post('/differences', {
        'field:customer:C-1:city': 'erp',
        'mark:customer:C-1:city': hidden(html, 'mark:customer:C-1:city'),
      }),
    );

  it('is settled, and no value that came meanwhile; who has seen that one settles it', async () => {
    const html = await textOf(site.post('/differences/run'));
    world.sandbox.edit(await noOf('C-1'), { postalArea: 'Moss' });
    expect(await settle(html)).toContain('customer:C-1: The field is not what it was when it was listed or shown.');
    expect(await listed()).toHaveLength(3);
    world.sandbox.edit(await noOf('C-1'), { postalArea: 'Horten' });
    const shown = await textOf(site.post('/differences/values', { record: 'customer:C-1', reason: 'to decide' }));
    expect(shown).toContain('Horten');
    expect(await settle(shown)).toContain('customer:C-1 city: it is on its way');
  });
});

describe('the state', () => {
  it('counts what was found, but for what only the ERP has', async () => {
    expect(await site.get('')).toContain('In sync.');
    world.sandbox.seed([{ associateNo: 700, customerNo: 20_700, name: 'Bare i Visma AS' }]);
    await site.post('/differences/run');
    expect(await site.get('')).toMatch(/3 differences between the two systems[^]*4 differences, compared/);
    expect(await status()).toMatchObject({ differences: { count: 3, onlyInErp: 1 }, needsPerson: true });
    const letBe = { kind: 'only-in-erp', 'ignore:only-in-erp:700': 'yes' };
    expect((await site.post('/differences', letBe)).status).toBe(400);
    expect(await textOf(site.post('/differences', { ...letBe, reason: 'sold' }))).toContain('700 it is let be until');
    expect(await status()).toMatchObject({ differences: { count: 3, onlyInErp: 0 } });
  });
});

describe('a comparison that comes to no end', () => {
  it('leaves the list of the one before, and says why', async () => {
    await site.post('/differences/run');
    world.sandbox.faults.add({ do: 'status', status: 503 });
    expect((await site.post('/differences/run')).status).toBe(409);
    world.sandbox.faults.clear();
    const html = await site.get('/differences');
    expect(html).toMatch(/The comparison that kari@example\.no began [^]* The ERP answered with a server error\./);
    expect(html).toContain('name="field:customer:C-1:city"');
    expect(await site.get('/differences', 'nb')).toContain('kunne ikke fullføres');
    expect(await textOf(site.post('/differences/run'))).not.toContain('could not be brought to an end');
  });

  it('is said also before the first, and of one that died', async () => {
    await beginRun(world.engine.control, { by: 'timer', at: new Date(world.now()).toISOString() });
    const html = await site.get('/differences');
    expect(html).toContain('Nobody has compared the two systems yet.');
    expect(html).toContain('it still runs, or was broken off');
    expect(await status()).toMatchObject({ differences: null, needsPerson: false });
  });
});
