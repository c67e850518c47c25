import { afterEach, expect, it } from 'vitest';
import { readDifferences } from '../../../shared/sync/operate/differences.ts';
import { reconcileWhenDue } from '../../../shared/sync/index.ts';
import { customerEvent } from '../../kit/events.ts';
import { startWorld, type World } from '../../kit/world.ts';

const NIGHT_MS = 24 * 3_600_000;

let world: World;
afterEach(() => world.stop());

async function start(setting: 'off' | 'report' | 'write'): Promise<void> {
  world = await startWorld({ settings: { ERP_TO_CRM: setting } });
  await world.send(customerEvent('C-1', { address: 'Rødbølveien 22', city: 'Larvik' }));
  await world.drain();
  const [row] = world.sandbox.rows();
  world.sandbox.edit(row?.associateNo ?? 0, { addressLine1: 'Storgata 5' });
}

const weekly = (sync: World['sync']) => reconcileWhenDue({ sync, crm: null, control: world.engine.control });
const night = () => {
  world.advance(NIGHT_MS);
  return weekly(world.sync);
};
const requests = () => world.sandbox.requests.counts.operations.all;
const lines = () => world.lines.filter((line) => line.includes('"event":"reconcile"'));

it.each(['report', 'write'] as const)(
  'with %s both systems are held against each other once a week',
  async (setting) => {
    await start(setting);
    const nights: object[] = [];
    for (let n = 0; n < 15; n += 1) nights.push((await night()) ?? {});
    const found = { differs: 1 };
    expect(nights).toEqual(nights.map((_, n) => (n % 7 === 0 ? found : {})));
    expect(lines()).toHaveLength(3);
  },
);

it('the log has how many of each kind, and neither values nor ids', async () => {
  await start('report');
  await night();
  expect(lines()).toEqual(['{"event":"reconcile","outcome":"done","differences":{"differs":1},"ms":0}']);
});

it('the console has what was found', async () => {
  await start('report');
  await night();
  const kept = await readDifferences(world.engine.control);
  expect(kept).toMatchObject({ by: 'timer', counts: { differs: 1, gone: 0 } });
  expect(kept?.lines).toMatchObject([{ kind: 'differs', record: 'customer:C-1', fields: ['address'] }]);
});

it('is not done with off, and nothing is asked for it', async () => {
  await start('off');
  const before = [requests(), (await world.rows()).length];
  expect(await night()).toBeNull();
  expect([requests(), (await world.rows()).length]).toEqual(before);
  expect(lines()).toEqual([]);
});

it('a night on which the ERP is away costs a day', async () => {
  await start('report');
  world.sandbox.faults.downtime = 'reset';
  expect(await night()).toBeNull();
  expect(lines().join()).toContain('"outcome":"waiting","code":"erp.unreachable"');
  world.sandbox.faults.downtime = 'off';
  await world.sync.flow.resume();
  expect(await night()).toEqual({ differs: 1 });
});

it('two instances in the same night do it once', async () => {
  await start('report');
  world.advance(NIGHT_MS);
  const other = await world.instance();
  const both = await Promise.all([world.sync, other].map(weekly));
  expect(both.filter((each) => each !== null)).toEqual([{ differs: 1 }]);
});
