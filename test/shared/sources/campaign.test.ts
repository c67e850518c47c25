import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutboxRow } from '../../../shared/store/index.ts';
import { sweep, takeHints, writeFields } from '../../../shared/sync/index.ts';
import { extent } from '../../faults/extent.ts';
import { contact, customer, type World } from '../../kit/world.ts';
import { die } from './campaign-deaths.ts';
import { seededRandom } from '../../faults/seeded-random.ts';
import { hubspotDriver, mappedDriver, superofficeDriver, type Driver } from './campaign-drivers.ts';

/** One step; which record it is about is picked by number among those that there are. */
type Step =
  | { readonly do: 'company' | 'rename' | 'remove' | 'restore' | 'apply' | 'crm-away' | 'erp-away'; readonly n: number }
  /** A company's city is edited: in the CRM, or by accounting. */
  | { readonly do: 'crm-city' | 'erp-city'; readonly n: number }
  | { readonly do: 'contact' | 'move' | 'merge'; readonly n: number; readonly m: number }
  /** Events are told in some order, some of them twice, and some only later. */
  | { readonly do: 'tell'; readonly seed: number }
  | { readonly do: 'flood'; readonly n: number }
  /** Processes are killed, each at another effect, while they apply a record and tell the CRM its numbers. */
  | { readonly do: 'die'; readonly n: number; readonly m: number };

/** Twice as many as an attempt's effects: it is killed before or after each. */
const DEATHS = 30;

const n = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tell' as const), seed: fc.nat(1_000_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('contact' as const, 'move' as const, 'merge' as const), n, m: n }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('die' as const), n, m: fc.nat(DEATHS) }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'company' as const,
        'rename' as const,
        'remove' as const,
        'restore' as const,
        'apply' as const,
      ),
      n,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('crm-city' as const, 'erp-city' as const), n }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('crm-away' as const, 'erp-away' as const), n }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flood' as const), n: fc.integer({ min: 20, max: 40 }) }) },
);
const history = fc.array(step, { minLength: 5, maxLength: 25 });

/** What messages would cause: looks at rows that were edited in the ERP, and fields on their way to the CRM. */
async function wayBack(world: World): Promise<void> {
  const owed: OutboxRow[] = [];
  for (const shard of world.sync.ledger.shards) {
    for await (const listed of world.sync.ledger.list(shard, ['outbox']))
      if (listed.is === 'outbox') owed.push(listed.row);
  }
  for (const { ref } of owed.filter(({ what }) => what === 'look')) await world.apply(ref);
  for (const { ref } of owed.filter(({ what }) => what === 'fields' || what === 'look'))
    await writeFields({ sync: world.sync, writeBack: world.engine.writeBack }, ref);
}

async function play(driver: Driver, steps: readonly Step[]): Promise<readonly string[]> {
  const { world } = driver;
  let late: unknown[] = [];
  const companies: string[] = [];
  const contacts: string[] = [];
  const merged: string[] = [];
  const pick = (list: readonly string[], at: number): string | undefined => list[at % Math.max(1, list.length)];
  const applyAll = async (): Promise<void> => {
    for (const { ref } of await world.pending()) await world.apply(ref);
    await wayBack(world);
  };
  let names = 0;
  const name = (): string => `Nr ${(names += 1)}`;
  for (const [index, each] of steps.entries()) {
    world.advance(20_000);
    switch (each.do) {
      case 'company':
        companies.push(driver.company(name()));
        break;
      case 'contact': {
        const at = pick(companies, each.m);
        if (at !== undefined && driver.isThere('customer', at)) contacts.push(driver.contact(name(), at));
        break;
      }
      case 'rename': {
        const kind = each.n % 2 === 0 ? 'customer' : 'contact';
        const id = pick(kind === 'customer' ? companies : contacts, each.n);
        if (id !== undefined && driver.isThere(kind, id)) driver.rename(kind, id, name());
        break;
      }
      case 'move': {
        const [id, to] = [pick(contacts, each.n), pick(companies, each.m)];
        if (id !== undefined && to !== undefined && driver.isThere('contact', id) && driver.isThere('customer', to)) {
          driver.move(id, to);
        }
        break;
      }
      case 'remove': {
        const id = pick(contacts, each.n);
        if (id !== undefined && driver.isThere('contact', id)) driver.remove(id);
        break;
      }
      case 'restore': {
        const id = pick(contacts, each.n);
        if (id !== undefined) driver.restore(id);
        break;
      }
      case 'merge': {
        const [keep, gone] = [pick(companies, each.n), pick(companies, each.m)];
        const isFit = keep !== undefined && gone !== undefined && keep !== gone;
        if (isFit && driver.isThere('customer', keep) && driver.isThere('customer', gone)) {
          driver.merge(keep, gone);
          merged.push(gone);
        }
        break;
      }
      case 'crm-city': {
        const id = pick(companies, each.n);
        if (id !== undefined && driver.isThere('customer', id)) driver.setCity?.(id, name());
        break;
      }
      case 'erp-city': {
        const id = pick(companies, each.n);
        const no = id === undefined ? null : ((await world.state(customer(id)))?.associateNo ?? null);
        if (no === null || driver.setCity === undefined) break;
        world.sandbox.edit(no, { postalArea: name() });
        await takeHints(world.sync, [no]);
        break;
      }
      case 'flood':
        for (let count = 0; count < each.n; count += 1) companies.push(driver.company(name()));
        break;
      case 'apply':
        await applyAll();
        break;
      case 'die': {
        await driver.post(driver.take());
        const pending = await world.pending();
        const some = pending.slice(each.n % Math.max(1, pending.length)).slice(0, 3);
        for (const [index, { ref }] of some.entries()) await die(world, ref, (each.m + index * 9) % DEATHS);
        break;
      }
      case 'crm-away':
      case 'erp-away': {
        const isCrm = each.do === 'crm-away';
        if (isCrm) driver.crmAway(true);
        else world.sandbox.faults.downtime = 'unavailable';
        for (let minute = 0; minute < 60; minute += 15) {
          await applyAll();
          await sweep(world.sync);
          await world.payWriteBacks();
          world.advance(15 * 60_000);
        }
        if (!isCrm) expect(await driver.personal(), 'personal values at rest').toEqual([]);
        if (isCrm) driver.crmAway(false);
        else world.sandbox.faults.downtime = 'off';
        break;
      }
      case 'tell': {
        const roll = seededRandom(each.seed + index).next;
        const events = [...late, ...driver.take()];
        late = events.filter(() => roll() < 0.2);
        const now = events.filter((event) => !late.includes(event) || roll() < 0.3);
        const twice = now.filter(() => roll() < 0.2);
        await driver.post([...now, ...twice].sort(() => roll() - 0.5));
      }
    }
  }
  for (let round = 0; round < 6; round += 1) {
    world.advance(200_000);
    await driver.post([...late, ...driver.take()]);
    late = [];
    await sweep(world.sync);
    await world.drain();
    await world.payWriteBacks();
    await wayBack(world);
  }
  // As many windows of the CRM's limit as it takes.
  for (let round = 0; round < 100 && (await world.payWriteBacks()).length > 0; round += 1) world.advance(60_000);
  const unknown: string[] = [];
  for (const id of driver.tellsMerges ? merged : []) {
    const state = await world.state(customer(id));
    if (!driver.isThere('customer', id) && state?.mergedInto === '') unknown.push(`customer ${id}: its merge is lost`);
  }
  return [...unknown, ...(await check(driver, companies, contacts))];
}

/** What is lost, doubled or stale at the end. Two linked companies that were merged are for a person. */
async function check(
  driver: Driver,
  companies: readonly string[],
  contacts: readonly string[],
): Promise<readonly string[]> {
  const { world } = driver;
  const wrong: string[] = [];
  const failures = await world.failures();
  const excused = new Set(
    failures.filter(({ code }) => code === 'match.conflict').map(({ ref }) => ref.crmId as string),
  );
  for (const { ref, code } of failures) if (code !== 'match.conflict') wrong.push(`${ref.kind} ${ref.crmId}: ${code}`);
  const rows = new Map(world.sandbox.rows().map((row) => [row.associateNo, row]));
  const rowOf = async (kind: 'customer' | 'contact', id: string) => {
    const state = await world.state(kind === 'customer' ? customer(id) : contact(id));
    return rows.get(state?.associateNo ?? -1);
  };
  for (const id of companies) {
    const wanted = driver.nameOf('customer', id);
    if (wanted === null || excused.has(id)) continue;
    const row = await rowOf('customer', id);
    if (row?.name !== wanted) wrong.push(`customer ${id}: ${row?.name ?? 'no row'} instead of ${wanted}`);
    const isOpen = (await world.state(customer(id)))?.wayBack.open['city'] !== undefined;
    const city = driver.cityOf?.(id) ?? '';
    if (driver.cityOf && !isOpen && city !== row?.postalArea)
      wrong.push(`customer ${id}: the CRM has the city ${city}, the ERP ${row?.postalArea}`);
    const told = driver.numberOf(id);
    if (told !== row?.customerNo) wrong.push(`customer ${id}: the CRM has ${told}, the ERP ${row?.customerNo}`);
  }
  for (const id of contacts) {
    const [wanted, parent] = [driver.nameOf('contact', id), driver.companyOf(id)];
    const row = await rowOf('contact', id);
    if (wanted === null) {
      if (row !== undefined && row.name !== '') wrong.push(`contact ${id}: deleted, still ${row.name}`);
      continue;
    }
    if (parent === null || excused.has(id) || excused.has(parent)) continue;
    const parentRow = await rowOf('customer', parent);
    if (row?.name !== wanted) wrong.push(`contact ${id}: ${row?.name ?? 'no row'} instead of ${wanted}`);
    else if (row.contactForAssociateNo !== parentRow?.associateNo) wrong.push(`contact ${id}: under another customer`);
  }
  const named = [...rows.values()].map(({ name }) => name).filter((name) => /^Nr \d+$/.test(name));
  const doubled = named.filter((name, index) => named.indexOf(name) !== index);
  return [...wrong, ...doubled.map((name) => `doubled: ${name}`)];
}

const DRIVERS: Readonly<Record<string, () => Promise<Driver>>> = {
  hubspot: hubspotDriver,
  superoffice: superofficeDriver,
  mapped: mappedDriver,
};

describe.each(Object.keys(DRIVERS))('a small campaign with %s', (name) => {
  it('loses, doubles and forgets nothing, whatever the order, repeats, merges, floods and outages', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const driver = await (DRIVERS[name] as () => Promise<Driver>)();
        try {
          expect(await play(driver, steps)).toEqual([]);
        } finally {
          await driver.world.stop();
        }
      }),
      extent(8),
    );
  });
});
