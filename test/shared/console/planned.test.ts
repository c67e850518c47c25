import { afterEach, beforeEach, expect, it } from 'vitest';
import { readInUse } from '../../../shared/erp/index.ts';
import { toEntity } from '../../../shared/erp/limits/state.ts';
import { customerEvent } from '../../kit/events.ts';
import { startWorld, type World } from '../../kit/world.ts';
import { openSite } from './site.ts';

let world: World;
beforeEach(async () => {
  const rows = [{ associateNo: 5, customerNo: 10_001, companyNo: '921074352', name: 'Port AS', postalArea: 'Moss' }];
  world = await startWorld({ settings: { SYNC_MODE: 'plan' }, sandbox: { rows } });
  await world.send(
    customerEvent('C-1', { companyName: '<b>Ny</b> AS', organizationNumber: null, city: 'Larvik' }),
    customerEvent('C-2', { companyName: 'Port AS', city: 'Larvik' }),
  );
  await world.drain();
});
afterEach(() => world.stop());

it('the page of what is planned says what would happen, on demand and masked', async () => {
  const site = openSite(world);
  expect(await site.get('/planned')).not.toContain('a new row');
  const asked = await site.get('/planned?plans=yes');
  expect(asked).toMatch(/a new row[^]*linked to a row[^]*ERP rows: 5/);
  expect(asked).toContain('••• → •••');
  expect(asked).not.toMatch(/Larvik|Moss/);
  expect(await site.get('/planned?plans=yes', 'nb')).toContain('en ny rad');
});

it('values come with a reason, noted, as text; nothing is written', async () => {
  const site = openSite(world);
  const shown = await (await site.post('/planned/values', { record: 'customer:C-2', reason: 'to approve' })).text();
  expect(shown).toContain('Moss → Larvik');
  world.advance(1_000);
  expect(await (await site.post('/planned/values', { record: 'customer:C-1', reason: 'to approve' })).text()).toContain(
    '&lt;b&gt;Ny&lt;/b&gt; AS',
  );
  expect(await world.sync.audit.list(10)).toMatchObject([
    { action: 'planned.show', selection: 'customer:C-1', by: 'kari@example.no' },
    { action: 'planned.show', selection: 'customer:C-2', reason: 'to approve' },
  ]);
  expect(world.sandbox.rows()).toMatchObject([{ postalArea: 'Moss' }]);
});

it('a reader sees what would happen, and no value', async () => {
  const site = openSite(world, { who: { roles: ['reader'] } });
  expect(await site.get('/planned?plans=yes')).toContain('linked to a row');
  expect((await site.post('/planned/values', { record: 'customer:C-2', reason: 'curious' })).status).toBe(403);
});

it('the state says how much of the ERP’s limit is in use now, by all instances together', async () => {
  const now = world.now();
  const place = (id: string, until: number, waitingSince?: number) => ({
    ...{ id, holder: id, until },
    ...(waitingSince !== undefined && { waitingSince }),
  });
  const places = [place('a', now + 1), place('b', now + 1), place('over', now), place('w', now + 1, now)];
  await world.engine.control.save([
    { do: 'put', at: { partitionKey: 'nxt', rowKey: 'budget' }, row: toEntity({ next: 0, places }) },
  ]);
  expect(await readInUse(world.engine.control, now)).toEqual({ taken: 2, waiting: 1 });
  expect(await openSite(world).get('')).toContain('2 of 10 requests in progress; instances that wait for a place: 1');
});
