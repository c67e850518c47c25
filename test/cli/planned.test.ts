import { afterEach, describe, expect, it } from 'vitest';
import { customerEvent } from '../kit/events.ts';
import { startWorld, type World } from '../kit/world.ts';
import { answers, command } from './command.ts';

let world: World;
afterEach(() => world.stop());

const row = { companyNo: '', customerNo: 0, supplierNo: 0 };

/** One of each kind: new, found by its number, of two rows, merged away, contact of a customer without a row. */
async function planned(): Promise<void> {
  world = await startWorld({
    settings: { SYNC_MODE: 'plan' },
    sandbox: {
      rows: [
        {
          ...row,
          associateNo: 5,
          customerNo: 10_001,
          companyNo: '921074352',
          name: 'Port AS',
          postCode: '',
          postalArea: 'Moss',
        },
        { ...row, associateNo: 6, customerNo: 10_002, companyNo: '974760673', name: 'Havna Nord AS' },
        { ...row, associateNo: 7, customerNo: 10_003, companyNo: '974760673', name: 'Havna Sør AS' },
      ],
    },
  });
  await world.send(
    customerEvent('C-1', { companyName: '=Ny; "AS"', organizationNumber: null, city: 'Larvik' }),
    customerEvent('C-2', { companyName: 'Port AS', organizationNumber: '921 074 352', city: 'Larvik' }),
    customerEvent('C-3', { companyName: 'Havna AS', organizationNumber: '974760673' }),
    {
      ...{ id: 'm', type: 'customer.merged', occurredAt: '2026-11-01T08:00:00.000Z', version: 1 },
      data: { crmId: 'C-9', mergedIntoCrmId: 'C-1' },
    },
    {
      ...{ id: 'p', type: 'contact.updated', occurredAt: '2026-11-01T08:00:00.000Z', version: 1 },
      data: { crmId: 'P-1', relatedCustomerCrmId: 'C-1', name: 'Kari', actorNumber: null },
    },
  );
  await world.drain();
}

describe('planned list', () => {
  it('says of each record what would happen, its fields by name, and no value', async () => {
    await planned();
    const lines = await answers(world, 'planned', 'list');
    expect(lines).toMatchObject([
      { kind: 'customer', crmId: 'C-1', to: 'erp', plan: 'create', associateNos: [] },
      { kind: 'customer', crmId: 'C-2', plan: 'link', why: 'organization-number', associateNos: [5] },
      { kind: 'customer', crmId: 'C-9', plan: 'merge', why: 'customer:C-1' },
      { kind: 'contact', crmId: 'P-1', plan: 'wait', why: 'customer.missing' },
    ]);
    expect(lines[1]?.['fields']).toContain('city');
    expect(lines[1]?.['changes']).toContainEqual({ field: 'city', column: 'postalArea', from: '•••', to: '•••' });
    expect(lines[0]?.['changes']).toContainEqual({ field: 'companyName', column: 'name', from: '', to: '•••' });
    const screen = await command(world, 'planned', 'list');
    expect(screen.out).toContain('postalArea: ••• → •••');
    expect(screen.out).toContain('4 changes: 1 create, 1 link, 1 merge, 1 wait');
    expect(JSON.stringify(lines) + screen.out).not.toMatch(/Larvik|Moss|Port AS|Kari/);
    expect(await answers(world, 'audit', 'list')).toEqual([]);
  });

  it('shows values where they are asked for, and notes who saw them', async () => {
    await planned();
    const lines = await answers(world, 'planned', 'list', 'customer:C-2', '--show-values', '--reason', 'to approve');
    expect(lines[0]?.['changes']).toContainEqual({ field: 'city', column: 'postalArea', from: 'Moss', to: 'Larvik' });
    expect(await answers(world, 'audit', 'list')).toMatchObject([
      { action: 'planned.show', by: 'tester', selection: 'customer:C-2', reason: 'to approve' },
    ]);
  });

  it('is a sheet for Excel in which nothing is a formula', async () => {
    await planned();
    const { out } = await command(world, 'planned', 'list', '--csv', '--show-values');
    expect(out.startsWith('\ufeffrecord;since;plan;')).toBe(true);
    expect(out).toContain(`;create;;;companyName;name;;"'=Ny; ""AS""`);
    expect(out).toMatch(/^customer:C-2;[^;]+;link;organization-number;5;city;postalArea;Moss;Larvik\r$/m);
  });

  it('is decided on what the ERP holds now, and stops where it was asked to', async () => {
    await planned();
    world.sandbox.edit(5, { companyNo: '' });
    expect(await answers(world, 'planned', 'list', 'customer:C-2')).toMatchObject([
      { plan: 'refused', why: 'match.possible' },
    ]);
    const screen = await command(world, 'planned', 'list', '--cap', '1');
    expect(screen.out).toContain('… and 3 more');
  });

  it('says that it cannot be said while the ERP is away', async () => {
    await planned();
    world.sandbox.faults.add({ do: 'status', on: 'any', status: 503 });
    expect(await answers(world, 'planned', 'list', 'customer:C-2')).toMatchObject([{ plan: 'unknown' }]);
  });
});
