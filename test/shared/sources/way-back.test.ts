import { afterEach, describe, expect, it } from 'vitest';
import type { RecordRef } from '../../../shared/record/index.ts';
import { createOperations, sweep, takeHints, writeFields } from '../../../shared/sync/index.ts';
import { settleField } from '../../../shared/sync/way-back/settle-field.ts';
import { contact, customer } from '../../kit/world.ts';
import { hubspotWayBack, mappedWayBack, superofficeWayBack, type WayBackDriver } from './way-back-drivers.ts';

const DRIVERS: Readonly<Record<string, (settings: Readonly<Record<string, string>>) => Promise<WayBackDriver>>> = {
  hubspot: hubspotWayBack,
  superoffice: superofficeWayBack,
  mapped: mappedWayBack,
};

let driver: WayBackDriver;
afterEach(() => driver.stop());

const updates = () => driver.world.sandbox.requests.counts.operations.update;
const write = (ref: RecordRef = customer(driver.company)) =>
  writeFields({ sync: driver.world.sync, writeBack: driver.world.engine.writeBack }, ref);
const open = async (ref: RecordRef = customer(driver.company)) => (await driver.world.state(ref))?.wayBack.open ?? {};

/** Accounting edits the row, and Visma says so. */
async function edit(
  change: Parameters<WayBackDriver['world']['sandbox']['edit']>[1],
  ref: RecordRef = customer(driver.company),
): Promise<void> {
  const { world } = driver;
  world.advance(60_000);
  const no = (await world.state(ref))?.associateNo ?? null;
  if (no === null) throw new Error('not linked');
  world.sandbox.edit(no, change);
  await takeHints(world.sync, [no]);
  await world.apply(ref);
}

describe.each(Object.keys(DRIVERS))('an edit of accounting’s, with %s', (name) => {
  const start = async (settings: Readonly<Record<string, string>> = {}): Promise<void> => {
    driver = await (DRIVERS[name] as (typeof DRIVERS)[string])(settings);
  };

  it('reaches the CRM once, and what the CRM tells of it causes no further write', async () => {
    await start();
    await edit({ addressLine1: 'Storgata 5', addressLine2: 'Bakgården' });
    expect((await write()).outcome).toBe('written');
    expect(driver.address()).toEqual(['Storgata 5', 'Bakgården']);
    const before = updates();
    await driver.settle();
    await edit({ information1: 'x' });
    expect((await write()).outcome).toBe('nothing-to-do');
    driver.world.advance(3_600_000);
    await sweep(driver.world.sync);
    await driver.settle();
    expect(driver.writes()).toBe(1);
    expect(updates()).toBe(before);
    expect(await open()).toEqual({});
    expect(await driver.world.failures()).toEqual([]);
    // The CRM's next edit is one, and not an echo.
    driver.world.advance(60_000);
    driver.editAddress('Havnegata 1');
    await driver.settle();
    expect(updates()).toBe(before + 1);
    expect(driver.writes()).toBe(1);
  });

  it('goes back where a person says that the CRM’s value counts, as soon as the CRM can be read', async () => {
    await start({ ERP_TO_CRM: 'report' });
    const ref = customer(driver.company);
    const before = driver.address();
    await edit({ addressLine1: 'Storgata 5' });
    const ops = createOperations(driver.world.engine);
    const settled = await ops.settleField(ref, 'address', { use: 'crm' }, { by: 'kari', reason: '' });
    expect(settled).toBe(name === 'mapped' ? 'when-sent' : 'sent');
    if (name === 'mapped') return;
    driver.world.advance(60_000);
    await driver.world.drain();
    const no = (await driver.world.state(ref))?.associateNo;
    const row = driver.world.sandbox.rows().find(({ associateNo }) => associateNo === no);
    expect([row?.addressLine1, row?.addressLine2].filter((line) => line !== '')).toEqual(before);
    expect(driver.writes()).toBe(0);
    expect(await open()).toEqual({});
  });

  it('is not written over an edit of the CRM’s that nobody has told yet: its event decides', async () => {
    await start();
    await edit({ addressLine1: 'Storgata 5' });
    driver.editAddress('Havnegata 1');
    expect(await write()).toEqual({ outcome: 'waiting', code: 'crm.not-yet-shown' });
    expect((await write()).outcome).toBe('nothing-to-do');
    expect(driver.address()).toContain('Havnegata 1');
    driver.world.advance(60_000);
    await driver.settle();
    expect(await open()).toMatchObject({ address: { is: 'conflict' } });
    const choice = { use: 'erp' } as const;
    const ref = customer(driver.company);
    await settleField(driver.world.sync, { ref, field: 'address', choice, isSeen: () => true });
    expect((await write()).outcome).toBe('written');
    expect(driver.address()[0]).toBe('Storgata 5');
    expect(driver.writes()).toBe(1);
  });

  it('is asked about, and not written twice, when the answer was lost', async () => {
    await start();
    await edit({ addressLine1: 'Storgata 5' });
    driver.loseAnswer();
    expect(await write()).toEqual({ outcome: 'waiting', code: 'crm.unavailable' });
    driver.world.advance(120_000);
    expect((await write()).outcome).toBe('written');
    expect(driver.address()).toEqual(['Storgata 5']);
    expect(driver.writes()).toBe(1);
  });

  it('with more lines than the CRM has is listed by a code of its own, and what else was edited is written', async () => {
    await start();
    await edit({ addressLine1: 'a', addressLine2: 'b', addressLine3: 'c', addressLine4: 'd', postalArea: 'Tønsberg' });
    expect(await write()).toEqual({ outcome: 'failed', code: 'crm.value-unfit' });
    expect((await write()).outcome).toBe('written');
    expect(driver.address()).toEqual(['Rødbølveien 22']);
    expect(await open()).toMatchObject({ address: { is: 'unfit' } });
    await edit({ information1: 'x' });
    expect((await write()).outcome).toBe('nothing-to-do');
    await edit({ addressLine1: 'Storgata 5', addressLine2: '', addressLine3: '', addressLine4: '' });
    expect((await write()).outcome).toBe('written');
    expect(await open()).toEqual({});
    expect(driver.address()).toEqual(['Storgata 5']);
  });

  it('of a record that the CRM has no more is given up', async () => {
    await start();
    await edit({ addressLine1: 'Storgata 5' });
    driver.remove();
    expect((await write()).outcome).toBe('unknown-record');
    expect(driver.writes()).toBe(0);
    expect((await write()).outcome).toBe('nothing-to-do');
  });

  it('meets an edit of the CRM’s between the reading and the write, where the CRM can tell', async () => {
    await start();
    if (!driver.race) return;
    await edit({ addressLine1: 'Storgata 5' });
    driver.race('Havnegata 1');
    expect((await write()).outcome).toBe('waiting');
    expect(driver.address()).toEqual(['Havnegata 1']);
    driver.world.advance(60_000);
    await driver.settle();
    expect(await open()).toMatchObject({ address: { is: 'conflict' } });
    expect(driver.writes()).toBe(0);
  });

  it('of a person’s name and number goes to the parts and the number they came from', async () => {
    await start({ FIELD_OWNER: '{"name":"both","phoneNumber":"both"}' });
    const ref = contact(driver.person);
    await edit({ name: 'Kari Berg Hansen', mobilePhone: '', phone: '91122333' }, ref);
    expect((await write(ref)).outcome).toBe('written');
    expect(driver.personNow().name).toBe('Kari|Berg Hansen');
    expect(driver.personNow().phone).toMatch(/^\|(?:\+47)?91122333$/);
    const before = updates();
    await driver.settle();
    expect(updates()).toBe(before);
    await edit({ name: 'Anne Marie Lie' }, ref);
    expect(await write(ref)).toEqual({ outcome: 'failed', code: 'crm.value-unfit' });
    expect(driver.writes()).toBe(1);
  });
});
