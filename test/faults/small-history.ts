import fc from 'fast-check';
import { check, type Violation } from './check.ts';
import { createDice } from './dice.ts';
import { ODD_NAME, REFUSED_NAME, type HistoryEvent } from './history.ts';
import { organizationNumbers } from './organization-numbers.ts';
import { SmallWorld, type Mutant } from './small-world.ts';

/** One step of a small history; a run with fewer of them is a simpler run. */
export interface Told {
  readonly kind: 'customer' | 'contact';
  readonly record: number;
  readonly op: 'upsert' | 'delete' | 'bad' | 'odd';
  /** Few values, so that a change often brings back what was there before. */
  readonly value: number;
  /** Contacts: which customer. */
  readonly customer: number;
  /** Seconds after the one before. */
  readonly after: number;
  /** Milliseconds it is sent late; a repeat comes as late again. */
  readonly late: number;
  readonly isRepeated: boolean;
}

export interface SmallRun {
  readonly seed: number;
  readonly told: readonly Told[];
  readonly kills: readonly number[];
  readonly lost: number;
  readonly refused: number;
}

const told: fc.Arbitrary<Told> = fc.record({
  kind: fc.constantFrom('customer', 'contact'),
  record: fc.nat(2),
  op: fc.constantFrom('upsert', 'upsert', 'upsert', 'upsert', 'delete', 'bad'),
  value: fc.nat(2),
  customer: fc.nat(2),
  after: fc.oneof(fc.nat(2), fc.nat(200)),
  late: fc.oneof(fc.constant(0), fc.nat(60_000)),
  isRepeated: fc.nat(4).map((n) => n === 0),
});

/** Whatever can happen. */
export const smallRun: fc.Arbitrary<SmallRun> = fc.record({
  seed: fc.nat(1_000_000),
  told: fc.array(told, { minLength: 1, maxLength: 14 }),
  kills: fc.array(fc.nat(150), { maxLength: 6 }),
  lost: fc.constantFrom(0, 0.1, 0.4),
  refused: fc.constantFrom(0, 0.1),
});

const upsert = (kind: Told['kind'], record: number, after: number, isRepeated: boolean): Told => ({
  kind,
  record,
  op: 'upsert',
  value: record,
  customer: 0,
  after,
  late: 0,
  isRepeated,
});

/** Two customers with one organisation number, at the same moment. */
export const twinRun: fc.Arbitrary<SmallRun> = fc.record({
  seed: fc.nat(1_000_000),
  told: fc.constant([upsert('customer', 0, 0, false), upsert('customer', 1, 0, false)]),
  kills: fc.constant([]),
  lost: fc.constant(0),
  refused: fc.constant(0),
});

/** Whatever can happen, with bodies that are answered badly each time in place of rows that are refused. */
export const smallOddRun: fc.Arbitrary<SmallRun> = smallRun.map((run) => ({
  ...run,
  told: run.told.map((each) => (each.op === 'bad' ? { ...each, op: 'odd' } : each)),
}));

/** Two that are answered badly whenever they are asked about, and one beside them. */
export const oddRun: fc.Arbitrary<SmallRun> = fc.record({
  seed: fc.nat(1_000_000),
  told: fc.constant([
    { ...upsert('customer', 2, 0, false), op: 'odd' },
    { ...upsert('customer', 3, 0, false), op: 'odd' },
    upsert('customer', 0, 60, false),
  ]),
  kills: fc.constant([]),
  lost: fc.constant(0),
  refused: fc.constant(0),
});

/** Whoever creates something dies soon. */
export const deadlyRun: fc.Arbitrary<SmallRun> = fc.record({
  seed: fc.nat(1_000_000),
  told: fc.constant([upsert('customer', 0, 0, true), upsert('customer', 2, 3, true), upsert('contact', 0, 6, true)]),
  kills: fc.array(fc.integer({ min: 3, max: 60 }), { minLength: 8, maxLength: 8 }),
  lost: fc.constant(0),
  refused: fc.constant(0),
});

/** What the ERP does not take, and how that is listed. */
const MARKS = {
  upsert: null,
  delete: null,
  bad: { name: REFUSED_NAME, refused: 'erp.row-refused' },
  odd: { name: ODD_NAME, refused: 'erp.request-failed' },
} as const;

const NUMBERS = organizationNumbers(4);
const HOUR_MS = 3_600_000;

/** The events of a run. Customers 0 and 1 have one organisation number and are never deleted. */
function eventsOf(run: SmallRun): readonly HistoryEvent[] {
  return run.told.map(({ kind, record, op, value, customer }, order) => {
    const crmId = `${kind === 'customer' ? 'C' : 'P'}-${record}`;
    const isTwin = kind === 'customer' && record < 2;
    const isDeleted = op === 'delete' && !isTwin;
    const mark = isTwin ? null : MARKS[op];
    const name = [crmId, 'nr', value, ...(mark ? [mark.name] : [])].join(' ');
    const id = `evt-${crmId}-${order}`;
    const values =
      kind === 'customer'
        ? { companyName: name, organizationNumber: NUMBERS[isTwin ? 0 : record], city: `By ${value}` }
        : { relatedCustomerCrmId: `C-${customer}`, name, emailAddress: `p${value}@example.no` };
    return {
      id,
      kind,
      crmId,
      order,
      op: isDeleted ? 'delete' : 'upsert',
      customer: kind === 'contact' && !isDeleted ? `C-${customer}` : null,
      content:
        kind === 'customer' ? { name, postalArea: `By ${value}` } : { name, emailAddress: `p${value}@example.no` },
      refused: mark?.refused ?? null,
      json: {
        id,
        type: `${kind}.${isDeleted ? 'deleted' : 'updated'}`,
        occurredAt: new Date(Date.UTC(2026, 10, 21, 7) + order).toISOString(),
        data: { crmId, ...(isDeleted ? {} : values) },
      },
    };
  });
}

export interface Played {
  readonly violations: readonly Violation[];
  readonly world: SmallWorld;
}

/** Plays a run to its end, hours after the last event, and compares. */
export async function play(run: SmallRun, mutant?: Mutant): Promise<Played> {
  const dice = createDice(run.seed);
  const events = eventsOf(run);
  const world = new SmallWorld({ dice, engines: 3, kills: run.kills, ...(mutant && { mutant }) });
  Object.assign(world.erp, { lost: run.lost, refused: run.refused });
  let sending = 0;
  const later = async (event: HistoryEvent, ms: number): Promise<void> => {
    sending += 1;
    await world.time.sleep(ms);
    await world.send([event]);
    sending -= 1;
  };
  let at = 0;
  run.told.forEach(({ after, late, isRepeated }, n) => {
    const event = events[n];
    if (!event) return;
    at += after * 1000;
    void later(event, at + late);
    if (isRepeated) void later(event, at + 2 * late + 1);
  });
  await world.time.pass(at + 10 * 60_000);
  world.spare();
  Object.assign(world.erp, { lost: 0, refused: 0 });
  await world.time.pass(HOUR_MS, () => sending === 0);
  const twins = [['C-0', 'C-1']] as const;
  let violations: readonly Violation[] = [];
  // In sync within the largest of the times that are set, and two minutes; hidden messages of the dead wait ten. What is
  // answered badly each time is listed within an hour.
  const rounds = run.told.some(({ op }) => op === 'odd') ? 12 : 4;
  for (let round = 0; round < rounds; round += 1) {
    await world.time.pass(5 * 60_000);
    violations = check({ events, twins, deletionMark: 'Slettet i CRM' }, await world.endState());
    if (violations.length === 0) break;
  }
  world.stop();
  return { violations, world };
}
