import { afterEach, beforeEach, expect, it } from 'vitest';
import { customerEvent } from '../../kit/events.ts';
import { startWorld, type World } from '../../kit/world.ts';
import { openSite } from './site.ts';

const ROW = { companyNo: '921074352', postalArea: 'Moss', postCode: '1530' };
let world: World;
beforeEach(async () => {
  const rows = [
    { ...ROW, associateNo: 5, customerNo: 10_001, name: 'Port <b>Nord</b> AS' },
    { ...ROW, associateNo: 6, customerNo: 10_002, name: 'Port Sør AS' },
  ];
  world = await startWorld({ sandbox: { rows } });
  await world.send(customerEvent('C-1', { companyName: 'Havn AS', city: 'Larvik', postalCode: '1530' }));
  await world.drain();
});
afterEach(() => world.stop());

const SHOW = { record: 'customer:C-1', reason: 'accounting asked' };
const row = (no: number) => world.sandbox.rows().find(({ associateNo }) => associateNo === no);

it('without values there is one choice per row, with them one per field that differs, as text', async () => {
  const site = openSite(world);
  const without = await site.get('/which');
  expect(without).toContain('value="6:erp"');
  expect(without).not.toContain('name="keep:');
  const shown = await (await site.post('/which/values', SHOW)).text();
  expect(shown).not.toContain('value="6:erp"');
  const names = [...shown.matchAll(/name="(keep:customer:C-1:6:[^"]+)"/g)].map(([, name]) => name);
  expect([...new Set(names)]).toEqual([
    ...['companyName', 'address', 'city'].map((name) => `keep:customer:C-1:6:${name}`),
  ]);
  expect(shown).toContain('CRM: Larvik');
  expect(shown).toContain('Port &lt;b&gt;Nord&lt;/b&gt; AS');
  expect(shown).not.toContain('<b>Nord');
});

it('the table settles per field of the row that was chosen, whatever was chosen of another', async () => {
  const site = openSite(world);
  await site.post('/which', {
    ...{ 'choice:customer:C-1': '6', 'keep:customer:C-1:6:companyName': 'erp', 'keep:customer:C-1:6:city': 'crm' },
    'keep:customer:C-1:5:city': 'erp',
  });
  await world.drain();
  expect(row(6)).toMatchObject({ name: 'Port Sør AS', postalArea: 'Larvik', externalId: 'crm:customer:C-1' });
});

it('the page of one record settles per field, too, and notes the fields without their values', async () => {
  const site = openSite(world);
  const shown = await (await site.post('/record/customer/C-1/values', { reason: 'accounting asked' })).text();
  expect(shown).toMatch(/name="keep:city"/);
  expect(shown).not.toContain('name="winner"');
  world.advance(1_000);
  await site.post('/record/customer/C-1/link', { associateNo: '5', 'keep:city': 'erp', 'keep:companyName': 'crm' });
  await world.drain();
  expect(row(5)).toMatchObject({ name: 'Havn AS', postalArea: 'Moss' });
  const [newest] = await world.sync.audit.list(1);
  expect(newest).toMatchObject({ action: 'link', selection: 'customer:C-1 to 5, the ERP’s city stay' });
});

it('a record’s page without values lets all of them stay, or none', async () => {
  const site = openSite(world);
  expect(await site.get('/record/customer/C-1')).toContain('name="winner"');
  await site.post('/record/customer/C-1/link', { associateNo: '5', winner: 'erp' });
  await world.drain();
  expect(row(5)).toMatchObject({ name: 'Port <b>Nord</b> AS', postalArea: 'Moss', externalId: 'crm:customer:C-1' });
});
