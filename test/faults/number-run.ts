import fc from 'fast-check';
import type { AssociateNo } from '../../shared/record/index.ts';
import { Personal } from '../../shared/privacy/index.ts';
import { seededRandom } from './seeded-random.ts';
import type { HistoryEvent } from './history.ts';
import { doublesIn } from './number-check.ts';
import { organizationNumbers } from './organization-numbers.ts';
import { sendSteps } from './small-history.ts';
import { SmallWorld, type Mutant } from './small-world.ts';

/** One step in the life of a customer whose number comes late, changes, or is another's. */
interface Step {
  readonly record: number;
  readonly op: 'upsert' | 'delete' | 'merge';
  /** Which organisation number; 0: none. */
  readonly number: number;
  /** Merges: the customer that stays. */
  readonly into: number;
  /** Seconds after the one before. */
  readonly after: number;
  /** Milliseconds it is sent late; a repeat comes as late again. */
  readonly late: number;
  readonly isRepeated: boolean;
}

export interface NumberRun {
  readonly seed: number;
  /** Organisation numbers of rows that accounting has already; 0: none. */
  readonly held: readonly number[];
  readonly steps: readonly Step[];
  readonly kills: readonly number[];
  readonly lost: number;
  readonly refused: number;
}

/** Few customers and fewer numbers, so that they meet. */
export const numberRun: fc.Arbitrary<NumberRun> = fc.record({
  seed: fc.nat(1_000_000),
  held: fc.array(fc.nat(2), { maxLength: 2 }),
  steps: fc.array(
    fc.record({
      record: fc.nat(3),
      op: fc.constantFrom('upsert', 'upsert', 'upsert', 'upsert', 'delete', 'merge'),
      number: fc.nat(2),
      into: fc.nat(3),
      after: fc.oneof(fc.nat(2), fc.nat(200)),
      late: fc.oneof(fc.constant(0), fc.nat(60_000)),
      isRepeated: fc.nat(4).map((n) => n === 0),
    }),
    { minLength: 2, maxLength: 12 },
  ),
  kills: fc.array(fc.nat(150), { maxLength: 4 }),
  lost: fc.constantFrom(0, 0.1, 0.4),
  refused: fc.constantFrom(0, 0.1),
});

/** Spelled in another way each time. */
const [FIRST = '', SECOND = ''] = organizationNumbers(2);
const spelled = (number: number, n: number): string => {
  const digits = ['', FIRST, SECOND][number] ?? '';
  return digits === '' || n % 2 === 0 ? digits : `NO ${digits.replace(/(...)(?=.)/g, '$1 ')} MVA`;
};

const TYPES = { upsert: 'updated', delete: 'deleted', merge: 'merged' } as const;
const HOUR_MS = 3_600_000;

function eventsOf({ steps }: NumberRun): readonly HistoryEvent[] {
  return steps.map(({ record, op, number, into }, order) => {
    const crmId = `C-${record}`;
    const id = `evt-${crmId}-${order}`;
    const values = {
      companyName: `Firma ${record} AS`,
      organizationNumber: spelled(number, order),
      city: `By ${order}`,
    };
    const data = { upsert: values, delete: {}, merge: { mergedIntoCrmId: `C-${into}` } }[op];
    const occurredAt = new Date(Date.UTC(2026, 10, 21, 7) + order).toISOString();
    return {
      ...{ id, kind: 'customer', crmId, order, op, customer: op === 'merge' ? `C-${into}` : null },
      ...{ content: {}, refused: null },
      json: { id, type: `customer.${TYPES[op]}`, occurredAt, data: { crmId, ...data } },
    };
  });
}

/** Plays a run to its end, hours after the last event; what stands twice in the ERP then, or is lost. */
export async function playNumbers(
  run: NumberRun,
  mutant?: Mutant,
): Promise<{ readonly found: readonly string[]; readonly world: SmallWorld }> {
  const world = new SmallWorld({
    random: seededRandom(run.seed),
    engines: 2,
    kills: run.kills,
    ...(mutant && { mutant }),
  });
  run.held.forEach((number, n) => {
    const associateNo = (n + 1) as AssociateNo;
    world.erp.seed({
      associateNo,
      customerNo: 20_001 + n,
      name: new Personal(`Holdt ${n}`),
      companyNo: spelled(number, n),
    });
  });
  const before = [...world.erp.rows.values()];
  Object.assign(world.erp, { lost: run.lost, refused: run.refused });
  const events = eventsOf(run);
  await sendSteps(world, run.steps, events);
  await world.time.pass(HOUR_MS / 2);
  const found = doublesIn(events, before, await world.endState());
  world.stop();
  return { found, world };
}
