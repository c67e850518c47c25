import { afterEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../local/nxt/index.ts';
import { applyChange, sweep } from '../../../shared/sync/index.ts';
import { customerEvent } from '../../kit/events.ts';
import { startWorld, type World, type WorldOptions } from '../../kit/world.ts';

/*
 * What one record alone provokes is that record's, whatever its status says. Time is the world's: messages and the
 * sweep bring the records back as they would.
 */

const SETTINGS = {
  LEASE_SECONDS: '20',
  SWEEP_SECONDS: '5',
  NXT_DOUBT_SECONDS: '10',
  NXT_TIMEOUT_SECONDS: '6',
} as const;
const STRANGE = 'DROP TABLE';

let world: World;
const start = async ({ settings }: WorldOptions = {}) => {
  world = await startWorld({ settings: { ...SETTINGS, ...settings } });
  await world.send(event('C-0'));
  await world.drain();
  world.advance(10_000);
};
afterEach(() => world.stop());

const event = (crmId: string, companyName = `Firma ${crmId}`, order = {}) =>
  customerEvent(crmId, { organizationNumber: null, companyName }, order);
const range = (from: number, count: number) => Array.from({ length: count }, (_, n) => `C-${from + n}`);
const inSync = (ids: readonly string[]) =>
  ids.filter((id) => world.sandbox.rows().some((row) => row.externalId === `crm:customer:${id}` && row.customerNo > 0));
const listed = async () => (await world.failures()).map(({ ref, code }) => `${ref.crmId} ${code}`);
const flowIs = async () => (await world.sync.flow.status()).is;

/** Lets so many seconds pass, or fewer when it is done, a sweep a minute; the flow's states on the way. */
async function pass(seconds: number, isDone: () => boolean | Promise<boolean> = () => false): Promise<Set<string>> {
  const states = new Set<string>();
  const ends = world.now() + seconds * 1000;
  let nextSweep = world.now();
  while (world.now() < ends && !(await isDone())) {
    const now = world.now();
    if (now >= nextSweep) {
      await sweep(world.sync);
      nextSweep = now + 60_000;
    }
    const rows = await world.pending();
    const due = rows.filter((row) => row.notBefore === '' || Date.parse(row.notBefore) <= now);
    await Promise.all(due.map((row) => applyChange(world.sync, row.ref)));
    states.add(await flowIs());
    const next = (await world.pending()).map((row) => Date.parse(row.notBefore)).filter((time) => time > now);
    world.advance(Math.max(1_000, Math.min(nextSweep, ...next) - now));
  }
  return states;
}

const provoked: readonly (readonly [string, FaultInput, seconds: number])[] = [
  ['P-01: a firewall refuses one name with 403', { do: 'status', status: 403 }, 100],
  ['P-02: a poison row gives 500', { do: 'status', status: 500, as: 'json', on: 'create' }, 140],
  ['P-05: 400 with a page for one body', { do: 'status', status: 400 }, 100],
  ['a body that breaks the connection', { do: 'reset', on: 'create' }, 140],
  ['401 for one body', { do: 'status', status: 401 }, 100],
];

describe.each(provoked)('%s', (_case, fault, bound) => {
  it('leaves the other records in time, and lists the one within an hour, after some attempts', async () => {
    await start();
    world.sandbox.faults.add({ ...fault, bodyContains: STRANGE });
    const good = range(1, 12);
    await world.send(
      ...good.slice(0, 6).map((id) => event(id)),
      event('BAD', `${STRANGE} AS`),
      ...good.slice(6).map((id) => event(id)),
    );
    const states = await pass(bound, () => inSync(good).length === good.length);
    expect(inSync(good)).toEqual(good);

    const later = range(101, 2);
    await world.send(...later.map((id) => event(id)));
    const more = await pass(60, () => inSync(later).length === later.length);
    expect(inSync(later)).toEqual(later);
    expect(new Set([...states, ...more])).toEqual(new Set(['open']));
    expect(await listed()).toEqual([]);

    await pass(3_600, async () => (await listed()).length > 0);
    expect(await listed()).toEqual(['BAD erp.request-failed']);
    expect(await flowIs()).toBe('open');
    expect(world.sandbox.doubles()).toEqual([]);
  });

  it('lists a record that is alone, too, and never holds it', async () => {
    await start();
    world.sandbox.faults.add({ ...fault, bodyContains: STRANGE });
    await world.send(event('BAD', `${STRANGE} AS`));
    const states = await pass(3_600, async () => (await listed()).length > 0);
    expect(await listed()).toEqual(['BAD erp.request-failed']);
    expect(states).toEqual(new Set(['open']));
  });
});

it('a body that hangs the ERP costs the others no more than its own time, and is listed', async () => {
  await start({ settings: { NXT_TIMEOUT_SECONDS: '1' } });
  world.sandbox.faults.add({ do: 'hang', on: 'create', bodyContains: STRANGE });
  const good = range(1, 12);
  await world.send(event('BAD', `${STRANGE} AS`), ...good.map((id) => event(id)));
  const states = await pass(140, () => inSync(good).length === good.length);
  expect(inSync(good)).toEqual(good);
  await pass(3_600, async () => (await listed()).length > 0);
  expect(await listed()).toEqual(['BAD erp.request-failed']);
  expect(states).toEqual(new Set(['open']));
});

it('a record that is mended after it was listed comes in sync by its next event', async () => {
  await start();
  world.sandbox.faults.add({ do: 'status', status: 403, bodyContains: STRANGE });
  await world.send(event('BAD', `${STRANGE} AS`));
  await pass(3_600, async () => (await listed()).length > 0);
  await world.send(event('BAD', 'Bord og benk AS', { version: 2 }));
  await pass(60, () => inSync(['BAD']).length === 1);
  expect(world.sandbox.rows().map(({ name }) => name)).toContain('Bord og benk AS');
  expect(await listed()).toEqual([]);
});

it('P-07: tokens revoked before their end are fetched anew, and health stays well', async () => {
  await start();
  world.sandbox.expireTokens();
  await world.send(...range(1, 3).map((id) => event(id)));
  const states = await pass(25, () => inSync(range(1, 3)).length === 3);
  expect(inSync(range(1, 3))).toHaveLength(3);
  expect(states).toEqual(new Set(['open']));
  expect(world.sandbox.requests.counts.http.token).toBe(2);
});

describe('W-04: a Retry-After of a day', () => {
  it('holds a record for ten minutes at most', async () => {
    await start();
    world.sandbox.faults.add({ do: 'status', status: 429, retryAfterSeconds: 86_400, next: 1 });
    await world.send(...range(1, 3).map((id) => event(id)));
    await pass(1);
    const until = Math.max(...(await world.pending()).map(({ notBefore }) => Date.parse(notBefore)));
    expect(until - world.now()).toBeLessThanOrEqual(600_000);
  });

  it('does not hold a newer event', async () => {
    await start();
    world.sandbox.faults.add({ do: 'status', status: 429, retryAfterSeconds: 86_400, next: 1 });
    await world.send(event('C-1', 'Gammel AS', { version: 1 }));
    await pass(1);
    await world.send(event('C-1', 'Ny AS', { version: 2 }));
    expect((await world.pending()).map(({ notBefore }) => notBefore)).toEqual(['']);
  });
});
