import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startWorld, type World, type WorldOptions } from '../kit/world.ts';
import { publishSettings } from '../../shared/published-settings.ts';
import { fileOf, temporaryFolder } from '../shared/import/files.ts';
import { answers, command } from './command.ts';

let world: World;
const start = async (options?: WorldOptions) => (world = await startWorld(options));
afterEach(() => world.stop());

describe('doctor', () => {
  it('finds everything in order, names each column, and writes nothing to the ERP', async () => {
    await start({ settings: { NXT_CUSTOMER_NUMBER_FROM: '10000', NXT_CUSTOMER_NUMBER_TO: '10009' } });
    const { code, out } = await command(world, 'doctor', '--verbose');
    expect(out).not.toContain('✗');
    expect(code).toBe(0);
    expect(out).toContain('LiaAct → contactForAssociateNo');
    expect(out).toContain('onError FAIL_TABLE: create offered, update offered');
    expect(out).toContain('10 left of 10000–10009');
    expect(out).toContain('How long externalId may be');
    expect(world.sandbox.rows()).toEqual([]);
  });

  it('names what is set otherwise than in the function app, and so does an import', async () => {
    await start();
    const { control, settings } = world.engine;
    const unlike = 'ot as in the function app: ';
    await publishSettings(control, settings);
    expect((await command(world, 'doctor')).out).not.toContain(unlike);
    await publishSettings(control, { ...settings, SYNC_MODE: 'plan', CRM_API_URL: 'https://crm.example' });
    const { code, out: said } = await command(world, 'doctor');
    expect(said).toContain(`n${unlike}SYNC_MODE, CRM_API_URL`);
    expect(code).toBe(0);
    const file = fileOf('crmId;companyName\nC-1;Port AS\n');
    const out = path.join(temporaryFolder(), 'import.plan.json');
    const { err } = await command(world, 'import', file, '--exported-at', '2026-11-01T08:00:00Z', '--out', out);
    expect(err).toContain(`N${unlike}SYNC_MODE, CRM_API_URL`);
  });

  it('says where the way to the ERP ends', async () => {
    await start();
    world.sandbox.rotateSecret('another');
    const { code, out } = await command(world, 'doctor');
    expect(out).toMatch(/✗ token: token\.invalid-client[^]*→ Put the right visma-client-id/);
    expect(code).toBe(1);
  });

  it('names a default the schema does not have, with its setting', async () => {
    await start({ settings: { NXT_CUSTOMER_DEFAULTS: '{"NoSuch": 1}' } });
    const { out } = await command(world, 'doctor');
    expect(out).toContain('✓ token');
    expect(out).toContain('NoSuch (NXT_CUSTOMER_DEFAULTS): no such column');
  });

  it('names the company it may not see', async () => {
    await start({ settings: { NXT_COMPANY_NO: '42' } });
    expect((await command(world, 'doctor')).out).toContain('✗ company 42: erp.no-company-access');
  });

  it('says what works differently where the schema is older', async () => {
    await start({ sandbox: { suggest: false, onError: false } });
    const { code, out } = await command(world, 'doctor');
    expect(out).toContain('suggest on create: not offered');
    expect(out).toMatch(/! schema: onError/);
    expect(code).toBe(0);
  });

  it('never shows a secret', async () => {
    await start({ settings: { CRM_WEBHOOK_SECRET: 'not-the-right-form' } });
    const checks = JSON.stringify(await answers(world, 'doctor'));
    expect(checks).toContain('must begin with whsec_');
    for (const secret of ['not-the-right-form', 'sandbox-secret']) expect(checks).not.toContain(secret);
  });
});

it('doctor --probe prints what the schema says of what is not documented, and nothing of any row', async () => {
  const world = await startWorld({ sandbox: { rows: [{ associateNo: 5, customerNo: 1, name: 'Hemmelig AS' }] } });
  try {
    const { code, out } = await command(world, 'doctor', '--probe');
    expect(code).toBe(0);
    const facts = JSON.parse(out) as { schema: { input: { inputFields: object[] } }; open: string[] };
    expect(facts.schema.input.inputFields.length).toBeGreaterThan(10);
    expect(out).toContain('FAIL_TABLE');
    expect(facts.open.length).toBeGreaterThan(5);
    expect(out).not.toContain('Hemmelig');
  } finally {
    await world.stop();
  }
});
