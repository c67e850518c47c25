import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { customer, startWorld, type World } from '../../kit/world.ts';
import { nationalIds } from '../record/formats/numbers.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

/** Everything that this program or the ERP keeps, and what the log says. */
const everywhere = async () => JSON.stringify([world.sandbox.rows(), await world.rows(), world.lines]);
const of = (crmId: string) => ({ relatedCustomerCrmId: crmId });

describe('an identity number', () => {
  it('reaches neither storage, nor the ERP, nor the log', async () => {
    const accepted = await world.send(
      customerEvent('FN1', { companyName: 'Enkeltmann', organizationNumber: '010190–12345' }),
      customerEvent('F1', { organizationNumber: null, address: 'c/o Kari, fnr 150657 54433\nGata 1' }),
      customerEvent('F2', { companyName: 'Fisk AS', organizationNumber: null, address: 'Vare 98765432109' }),
      contactEvent('P1', { ...of('F1'), name: 'Kari Prøve (150657 54433)' }),
      contactEvent('P2', { ...of('F1'), name: 'Ola Prøve', phoneNumber: '150657 54433', emailAddress: 'x@f.example' }),
    );
    expect(accepted).toMatchObject([
      { status: 'queued', code: 'value.national-id-dropped' },
      { status: 'queued', code: 'value.national-id-dropped' },
      { status: 'queued' },
      { status: 'failed', code: 'value.national-id' },
      { status: 'queued', code: 'value.national-id-dropped' },
    ]);
    expect(accepted[2]).not.toHaveProperty('code');
    await world.drain();
    expect(await everywhere()).not.toMatch(/010190.?12345|150657.?54433/);
    const byName = new Map(world.sandbox.rows().map((row) => [row.name, row]));
    expect([...byName.keys()].sort()).toEqual(['Enkeltmann', 'Fisk AS', 'Ola Prøve', 'Port-Service Øst AS']);
    expect(byName.get('Enkeltmann')).toMatchObject({ companyNo: '' });
    expect(byName.get('Port-Service Øst AS')).toMatchObject({ addressLine1: '' });
    expect(byName.get('Fisk AS')).toMatchObject({ addressLine1: 'Vare 98765432109' });
    expect(byName.get('Ola Prøve')).toMatchObject({ phone: '', emailAddress: 'x@f.example' });
    expect(await world.failures()).toMatchObject([{ code: 'value.national-id', ref: { crmId: 'P1' } }]);
  });

  it('of anybody reaches none of them, wherever it stands', async () => {
    const ids = fc.sample(nationalIds, { numRuns: 20, seed: 11 });
    const events = ids.flatMap((id, n) => [
      customerEvent(`C-${n}`, {
        companyName: `Firma ${n} AS`,
        organizationNumber: id,
        address: `Gata ${n}, ${id}`,
        city: id,
      }),
      contactEvent(`P-${n}`, { ...of(`C-${n}`), name: `Kari ${id.slice(0, 6)}-${id.slice(6)}`, phoneNumber: id }),
    ]);
    await world.send(...events);
    await world.drain();
    const kept = await everywhere();
    expect(ids.filter((id) => kept.includes(id) || kept.includes(`${id.slice(0, 6)}-${id.slice(6)}`))).toEqual([]);
    expect(world.sandbox.rows()).toHaveLength(ids.length);
  });
});

describe('a damaged text', () => {
  it('with lost letters is not written over what the ERP holds; encoded ones are carried, and said', async () => {
    await world.send(customerEvent('Y4', { address: 'Åsveien 1', city: 'Tromsø' }));
    await world.drain();
    const [accepted] = await world.send(
      customerEvent('Y4', { address: '\ufffdsveien 1', city: 'TromsÃ¸' }, { version: 2 }),
    );
    expect(accepted).toMatchObject({ status: 'queued', code: 'value.broken-letters', pointer: '/0/data/address' });
    await world.drain();
    expect(world.sandbox.rows()).toMatchObject([{ addressLine1: 'Åsveien 1', postalArea: 'TromsÃ¸' }]);

    await world.send(customerEvent('Y4', { address: 'Åsveien 2', city: 'Tromsø' }, { version: 3 }));
    await world.drain();
    expect(world.sandbox.rows()).toMatchObject([{ addressLine1: 'Åsveien 2', postalArea: 'Tromsø' }]);
  });

  it('in a name is listed for a person', async () => {
    const [accepted] = await world.send(customerEvent('Y5', { companyName: 'J\ufffdrhagen AS' }));
    expect(accepted).toMatchObject({ status: 'failed', code: 'value.broken-letters' });
    await world.drain();
    expect(await world.failures()).toMatchObject([{ code: 'value.broken-letters' }]);
    expect(world.sandbox.rows()).toEqual([]);
  });
});

it('a time with an offset as Salesforce writes it orders events', async () => {
  await world.send({ ...customerEvent('S1', { city: 'Oslo' }), version: null, occurredAt: '2026-11-01T10:00:00+0100' });
  await world.send({
    ...customerEvent('S1', { city: 'Bergen' }),
    id: 'late',
    version: null,
    occurredAt: '2026-11-01T05:59:59-0300',
  });
  expect((await world.state(customer('S1')))?.applied ?? null).toBeNull();
  await world.drain();
  expect(world.sandbox.rows()).toMatchObject([{ postalArea: 'Oslo' }]);
});
