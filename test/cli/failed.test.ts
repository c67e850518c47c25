import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweep, tally } from '../../shared/sync/index.ts';
import { customer, startWorld, type World } from '../kit/world.ts';
import { customerEvent } from '../kit/events.ts';
import { answers, command, FAST } from './command.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

/** Customers without an organisation number, so that nothing but the ERP's refusal stands in their way. */
const customers = (count: number, version = 1) =>
  Array.from({ length: count }, (_, index) =>
    customerEvent(`C-${index + 1}`, { companyName: `Hemmelig ${index + 1} AS`, organizationNumber: null }, { version }),
  );

const tallied = (lines: readonly Record<string, unknown>[]) => tally(lines.map(({ result }) => String(result)));

/** Every row is refused until `mend` is called. */
async function refuse(count: number): Promise<{ mend: () => void }> {
  world.sandbox.faults.add({ do: 'row-error', on: 'any', nameContains: 'Hemmelig' });
  await world.send(...customers(count));
  await world.drain();
  expect(await world.failures()).toHaveLength(count);
  return { mend: () => world.sandbox.faults.clear() };
}

describe('failed', () => {
  // 120 stand for a thousand: more takes minutes where Azurite shares two cores, and shows nothing else.
  it('brings many refused changes in sync once the cause is mended, however often it is interrupted', async () => {
    const { mend } = await refuse(120);
    expect(await answers(world, 'failed', 'list')).toMatchObject([{ code: 'erp.row-refused', records: 120 }]);
    mend();

    const dry = await answers(world, 'failed', 'replay', '--code', 'erp.row-refused', '--dry-run', ...FAST);
    expect(tallied(dry)).toEqual({ 'would-replay': 120 });
    expect(await world.pending()).toEqual([]);
    expect(await world.sync.audit.list(10)).toEqual([]);

    const first = await answers(world, 'failed', 'replay', '--all', '--cap', '50', ...FAST);
    expect(tallied(first)).toEqual({ replayed: 50 });
    expect(await world.pending()).toHaveLength(50);
    await command(world, 'failed', 'replay', '--all', ...FAST);
    await world.drain();

    expect(world.sandbox.rows()).toHaveLength(120);
    expect(await world.failures()).toEqual([]);
    const again = await command(world, 'failed', 'replay', '--all', ...FAST);
    expect(again).toMatchObject({ code: 0, out: 'Nothing to replay: no record that needs a person fits.' });
    expect(await world.sync.queues.depths()).toMatchObject({ 'crm-changes-poison': 0 });
  });

  it('says of a record that is being replayed, or was superseded, that nothing is to be replayed', async () => {
    await refuse(2);
    await world.send(...customers(1, 2));
    const replay = ['failed', 'replay', 'customer:C-1', 'customer:C-2', ...FAST];
    const results = async () =>
      (await answers(world, ...replay)).map(({ crmId, result }) => `${String(crmId)} ${String(result)}`);
    expect(await results()).toEqual(['C-1 superseded', 'C-2 replayed']);
    expect(await results()).toEqual(['C-1 superseded', 'C-2 being-replayed']);
  });

  it('finishes a replay that was killed between two of its steps', async () => {
    const { mend } = await refuse(1);
    mend();
    const killed = { ...world.sync.ledger, moveFailed: () => Promise.reject(new Error('killed')) };
    const dying = { ...world, sync: { ...world.sync, ledger: killed } };
    expect((await command(dying, 'failed', 'replay', '--all', ...FAST)).code).toBe(1);
    expect(await world.sync.audit.list(1)).toMatchObject([{ action: 'failed.replay', endedAt: '' }]);

    expect(tallied(await answers(world, 'failed', 'replay', '--all', ...FAST))).toEqual({ replayed: 1 });
    await world.drain();
    expect(await world.failures()).toEqual([]);
  });

  it('never shows a personal value, whatever is asked', async () => {
    await refuse(1);
    for (const args of [
      ['failed', 'list', '--all'],
      ['failed', 'list', '--all', '--json'],
      ['failed', 'show', 'customer', 'C-1'],
      ['failed', 'show', 'customer:C-1', '--json'],
      ['failed', 'replay', '--all', ...FAST],
      ['status'],
    ]) {
      const { out, err } = await command(world, ...args);
      expect(`${out}${err}`).not.toMatch(/Hemmelig|Rødbølveien|3270|Larvik/);
    }
    const { out } = await command(world, 'failed', 'show', 'customer', 'C-1');
    expect(out).toContain('customer:C-1: A change is on its way.');
    expect(out).toMatch(/^erp\.row-refused: .*\n {2}fix: /m);
    expect((await command(world, 'record', 'customer:C-1', '--verbose')).out).toContain('"version": 1');
  });

  it('chooses nothing, rather than everything, when nothing was chosen', async () => {
    await refuse(1);
    expect((await command(world, 'failed', 'replay')).code).toBe(2);
    expect((await command(world, 'failed', 'discard', '--yes')).code).toBe(2);
    expect((await command(world, 'failed', 'replay', 'C-1')).code).toBe(2);
    expect((await command(world, 'failed', 'list', '--code', 'no.such')).code).toBe(2);
    expect(await world.failures()).toHaveLength(1);
  });

  it('selects by age', async () => {
    await refuse(1);
    expect(await answers(world, 'failed', 'list', '--older-than', '24h')).toEqual([]);
    world.advance(25 * 3_600_000);
    expect(await answers(world, 'failed', 'list', '--older-than', '24h')).toHaveLength(1);
  });

  it('gives a change up with --yes only, keeps a note, and takes the next event as usual', async () => {
    const { mend } = await refuse(1);
    const discard = ['failed', 'discard', 'customer:C-1', '--reason', 'test data'];
    expect((await command(world, ...discard)).code).toBe(2);
    expect(await world.failures()).toHaveLength(1);

    expect((await command(world, ...discard, '--yes')).code).toBe(0);
    expect(await world.failures()).toEqual([]);
    expect(await answers(world, 'audit', 'list')).toMatchObject([
      {
        action: 'failed.discard',
        by: 'tester',
        reason: 'test data',
        selection: 'customer:C-1',
        count: 1,
        results: { discarded: 1 },
      },
    ]);
    mend();
    await world.send(...customers(1, 2));
    await world.drain();
    expect((await world.state(customer('C-1')))?.associateNo).not.toBeNull();
  });

  it('says what to do about values whose time was over: the CRM sends the event again, and it is applied', async () => {
    const { mend } = await refuse(1);
    mend();
    world.advance(31 * 86_400_000);
    await sweep(world.sync);

    const { out } = await command(world, 'failed', 'list', '--all');
    expect(out).toMatch(/customer:C-1 +erp\.row-refused .*values deleted/);
    const replayed = await command(world, 'failed', 'replay', '--all', ...FAST);
    expect(replayed.out).toContain('payload-expired');
    expect(replayed.code).toBe(1);
    expect(await world.failures()).toHaveLength(1);

    expect(await world.send(...customers(1))).toEqual([{ status: 'queued' }]);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(1);
    expect(await world.failures()).toEqual([]);
  });
});
