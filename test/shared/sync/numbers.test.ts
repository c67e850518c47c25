import { afterEach, describe, expect, it } from 'vitest';
import { applyChange } from '../../../shared/sync/index.ts';
import { customer, startWorld, type World, type WorldOptions } from '../../kit/world.ts';
import { organizationNumber } from '../../bench/support/records.ts';
import { customerEvent } from '../../kit/events.ts';
import { replay } from '../../../shared/sync/operate/replay.ts';

let world: World;
const start = async (options?: WorldOptions) => (world = await startWorld(options));
afterEach(() => world.stop());
const listed = async () => (await world.failures()).map(({ ref, code }) => `${ref.crmId} ${code}`);
const anonymous = { organizationNumber: null };
const INTERVAL = { NXT_CUSTOMER_NUMBER_FROM: '20000', NXT_CUSTOMER_NUMBER_TO: '20001' };
const numbers = () => world.sandbox.rows().map(({ customerNo }) => customerNo);

describe('the number of a new customer', () => {
  it('is the CRM’s when it gives one', async () => {
    await start({ settings: INTERVAL });
    await world.send(customerEvent('C-1', { ...anonymous, customerNumber: 77 }));
    await world.drain();
    expect(numbers()).toEqual([77]);
  });

  it('is the ERP’s suggestion without an interval', async () => {
    await start({ sandbox: { rows: [{ associateNo: 5, customerNo: 10_007 }] } });
    await world.send(customerEvent('C-1', anonymous));
    await world.drain();
    expect(numbers()).toEqual([10_007, 10_008]);
  });

  it.each([true, false])('comes from the interval (schema with suggest: %s)', async (suggest) => {
    await start({ settings: INTERVAL, sandbox: { suggest, rows: [{ associateNo: 5, customerNo: 30_000 }] } });
    await world.send(customerEvent('C-1', anonymous), customerEvent('C-2', anonymous));
    await world.drain();
    expect(numbers().sort()).toEqual([20_000, 20_001, 30_000]);
  });

  it('is another one for each of several rows that get theirs at the same time', async () => {
    const suppliers = [1, 2, 3, 4, 5].map((no) => ({
      associateNo: no,
      supplierNo: no,
      companyNo: organizationNumber(no),
    }));
    await start({ sandbox: { rows: suppliers } });
    const refs = suppliers.map(({ associateNo }) => customer(`C-${associateNo}`));
    await world.send(
      ...suppliers.map(({ associateNo, companyNo }) =>
        customerEvent(`C-${associateNo}`, { organizationNumber: companyNo }),
      ),
    );
    const done = await Promise.all(refs.map((ref) => world.apply(ref)));
    expect(done.map(({ outcome }) => outcome)).toEqual(refs.map(() => 'linked'));
    expect(new Set(numbers()).size).toBe(5);
    expect(numbers()).not.toContain(0);
  });

  it('when the interval is full stops the flow, without losing or failing anything, until there is room', async () => {
    await start({ settings: INTERVAL });
    const events = ['C-1', 'C-2', 'C-3'].map((crmId) => customerEvent(crmId, anonymous));
    await world.send(...events.slice(0, 2));
    await world.drain();
    await world.send(...events.slice(2));
    expect(await world.apply(customer('C-3'))).toMatchObject({ outcome: 'held', code: 'erp.number-interval-full' });
    // That the ERP answers a probe makes no room: nothing is sent to find that out.
    const before = world.sandbox.requests.counts.operations.create;
    world.advance(3_600_000);
    expect(await world.apply(customer('C-3'))).toMatchObject({ outcome: 'held', code: 'erp.number-interval-full' });
    expect(await world.sync.flow.status()).toMatchObject({ is: 'stopped', code: 'erp.number-interval-full' });
    expect(world.sandbox.requests.counts.operations.create).toBe(before);
    expect(await listed()).toEqual([]);
    const wider = await world.instance({ NXT_CUSTOMER_NUMBER_TO: '20009' });
    world.advance(3_600_000);
    expect(await applyChange(wider, customer('C-3'))).toMatchObject({ outcome: 'created' });
    expect(numbers()).toEqual([20_000, 20_001, 20_002]);
  });

  it('outside the interval, or none at all, is a failure, and the row is known', async () => {
    await start({ settings: INTERVAL });
    world.sandbox.seed([]);
    const given = world.sync.erp;
    const erp: typeof given = {
      ...given,
      async create(row, beforeSend) {
        const written = await given.create(row, beforeSend);
        return written.kind === 'written' ? { ...written, row: { ...written.row, customerNo: 0 } } : written;
      },
    };
    await world.send(customerEvent('C-1', anonymous));
    expect(await applyChange({ ...world.sync, erp }, customer('C-1'))).toMatchObject({ code: 'erp.number-invalid' });
    expect((await world.state(customer('C-1')))?.associateNo).toBe(world.sandbox.rows()[0]?.associateNo);
  });

  it('for a supplier that becomes a customer is the next free one of the interval', async () => {
    await start({
      settings: INTERVAL,
      sandbox: {
        rows: [
          { associateNo: 5, supplierNo: 50_001, companyNo: '921 074 352' },
          { associateNo: 6, customerNo: 20_000 },
        ],
      },
    });
    await world.send(customerEvent('C-1'));
    await world.drain();
    expect(world.sandbox.rows()[0]).toMatchObject({ supplierNo: 50_001, customerNo: 20_001 });
    expect(world.sandbox.rows()).toHaveLength(2);
  });
});

describe('an external id that comes back cut', () => {
  it('stops the flow at the first row, with its link known; only a person or another setting ends it', async () => {
    await start({ sandbox: { maxLengths: { externalId: 12 }, overflow: 'truncate' } });
    await world.send(customerEvent('C-1001', anonymous), customerEvent('C-1002', anonymous));
    expect(await world.apply(customer('C-1001'))).toMatchObject({ outcome: 'held', code: 'erp.external-id-changed' });
    expect(await world.apply(customer('C-1002'))).toMatchObject({ outcome: 'held' });
    world.advance(3_600_000);
    expect(await world.apply(customer('C-1002'))).toMatchObject({ outcome: 'held' });
    expect(world.sandbox.rows()).toHaveLength(1);
    expect((await world.state(customer('C-1001')))?.associateNo).toBe(world.sandbox.rows()[0]?.associateNo);

    const mended = await world.instance({ NXT_EXTERNAL_ID_COLUMN: 'information7' });
    await applyChange(mended, customer('C-1001'));
    await applyChange(mended, customer('C-1002'));
    expect(world.sandbox.rows().map(({ information7 }) => information7)).toEqual([
      'crm:customer:C-1001',
      'crm:customer:C-1002',
    ]);
    expect(await world.sync.flow.status()).toMatchObject({ is: 'stopped' });
  });

  it('stops the flow also when it was to mark a row that was there before', async () => {
    await start({
      sandbox: {
        maxLengths: { externalId: 12 },
        overflow: 'truncate',
        rows: [{ associateNo: 5, customerNo: 10_001, companyNo: '921074352' }],
      },
    });
    await world.send(customerEvent('C-1001'));
    expect(await world.apply(customer('C-1001'))).toMatchObject({ outcome: 'held', code: 'erp.external-id-changed' });
    expect((await world.state(customer('C-1001')))?.associateNo).toBe(5);
  });
});

describe('a linked row that is gone', () => {
  const options = { dryRun: false, cap: 10, release: true, pace: async () => undefined };

  it('is for a person; a replay alone changes nothing, with release it is made anew, also when the CRM knows its number', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    world.advance(10_000);
    const gone = world.sandbox.rows()[0]?.associateNo ?? 0;
    world.sandbox.edit(gone, undefined);
    await world.send(customerEvent('C-1', { city: 'Stavern', actorNumber: gone }, { version: 2 }));
    await world.drain();
    expect(await listed()).toEqual(['C-1 link.gone']);
    expect((await world.failures())[0]?.candidates).toEqual([gone]);
    await replay(world.sync, {}, { ...options, release: false });
    await world.drain();
    expect(await listed()).toEqual(['C-1 link.gone']);
    await replay(world.sync, {}, options);
    await world.drain();
    expect(await listed()).toEqual([]);
    expect(world.sandbox.rows()).toMatchObject([{ externalId: 'crm:customer:C-1', postalArea: 'Stavern' }]);
    expect(await world.sync.ledger.holderOf(gone as never)).toBeNull();
  });

  it('is linked again by rule when there is another', async () => {
    await start();
    await world.send(customerEvent('C-1'));
    await world.drain();
    world.advance(10_000);
    world.sandbox.edit(world.sandbox.rows()[0]?.associateNo ?? 0, undefined);
    world.sandbox.seed([{ associateNo: 900, customerNo: 12_000, companyNo: '921074352', name: 'Ny' }]);
    await world.send(customerEvent('C-1', { city: 'Stavern' }, { version: 2 }));
    await world.drain();
    expect(await listed()).toEqual([]);
    expect(await world.state(customer('C-1'))).toMatchObject({ associateNo: 900, createdHere: false });
  });

  it('is not doubled by a release while the linked row is there', async () => {
    await start({ settings: { NXT_EXTERNAL_ID_COLUMN: 'none' } });
    await world.send(customerEvent('C-1', anonymous));
    await world.drain();
    world.advance(10_000);
    await world.send(customerEvent('C-1', { ...anonymous, customerNumber: 99 }, { version: 2 }));
    await world.drain();
    expect(await listed()).toEqual(['C-1 match.conflict']);
    await replay(world.sync, {}, options);
    await world.drain();
    expect(await listed()).toEqual(['C-1 match.conflict']);
    expect(world.sandbox.rows()).toHaveLength(1);
  });
});
