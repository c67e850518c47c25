import fc from 'fast-check';
import { Failure } from '../../shared/failure.ts';
import type { CrmId, RecordRef } from '../../shared/record/index.ts';
import { createRights } from '../../shared/rights/index.ts';
import { seededRandom } from './seeded-random.ts';
import type { HistoryEvent } from './history.ts';
import { organizationNumbers } from './organization-numbers.ts';
import { SmallWorld, type Mutant } from './small-world.ts';

interface Step {
  /** Which of three persons. */
  readonly person: number;
  readonly does: 'change' | 'delete' | 'erase' | 'restrict';
  readonly value: number;
  /** Seconds after the step before. */
  readonly after: number;
  /** Milliseconds it is sent late; it is sent again as late. */
  readonly late: number;
}

export interface RightsRun {
  readonly seed: number;
  readonly steps: readonly Step[];
  readonly kills: readonly number[];
  readonly lost: number;
}

export const rightsRun: fc.Arbitrary<RightsRun> = fc.record({
  seed: fc.nat(1_000_000),
  steps: fc.array(
    fc.record({
      person: fc.nat(2),
      does: fc.constantFrom('change', 'change', 'change', 'delete', 'erase', 'restrict'),
      value: fc.nat(9),
      after: fc.oneof(fc.nat(2), fc.nat(120)),
      late: fc.oneof(fc.constant(0), fc.nat(90_000)),
    }),
    { minLength: 3, maxLength: 14 },
  ),
  kills: fc.array(fc.nat(150), { maxLength: 5 }),
  lost: fc.constantFrom(0, 0.3),
});

const [NUMBER = ''] = organizationNumbers(1);
const HOUR_MS = 3_600_000;
/** What another process does not see of the lists for so long. */
const UNSEEN_MS = 6_000;
const REQUEST = { requester: 'person', reference: '' } as const;
const ACTOR = { by: 'dpo', reason: '' };

/** Person 1 belongs to a customer that comes last: its changes wait. */
function eventOf({ person, does, value }: Step, order: number, happened: number): HistoryEvent {
  const crmId = `P-${person}`;
  const id = `evt-${crmId}-${order}`;
  const name = `Person${person} Nr${order} V${value}`;
  const values = {
    relatedCustomerCrmId: person === 1 ? 'C-9' : 'C-0',
    name,
    emailAddress: `person${person}@example.no`,
  };
  const op = does === 'delete' ? 'delete' : 'upsert';
  return event(id, 'contact', crmId, { order, happened, op }, op === 'delete' ? {} : values);
}

const event = (
  id: string,
  kind: 'customer' | 'contact',
  crmId: string,
  { order, happened, op }: { readonly order: number; readonly happened: number; readonly op: 'upsert' | 'delete' },
  data: object,
): HistoryEvent => ({
  ...{ id, kind, crmId, order, op, customer: null, content: {}, refused: null },
  json: {
    id,
    type: `${kind}.${op === 'delete' ? 'deleted' : 'updated'}`,
    occurredAt: new Date(happened + order).toISOString(),
    data: { crmId, ...data },
  },
});

export interface RightsPlayed {
  readonly problems: readonly string[];
  readonly world: SmallWorld;
}

/** Plays changes, erasures and restrictions among deaths and lost answers, and looks for anybody who was brought back. */
export async function playRights(run: RightsRun, mutant?: Mutant): Promise<RightsPlayed> {
  const world = new SmallWorld({
    random: seededRandom(run.seed),
    engines: 3,
    kills: run.kills,
    ...(mutant && { mutant }),
  });
  world.erp.lost = run.lost;
  const start = world.time.now();
  let underWay = 0;
  const erased = new Set<number>();
  /** Since when each person is restricted. */
  const restricted = new Map<number, number>();
  /** When each event was sent for the first time. */
  const sentAt = new Map<string, number>();

  const later = async (ms: number, work: () => Promise<void>): Promise<void> => {
    underWay += 1;
    await world.time.sleep(ms);
    await work();
    underWay -= 1;
  };
  const send = async (each: HistoryEvent): Promise<void> => {
    sentAt.set(each.id, sentAt.get(each.id) ?? world.time.now());
    await world.send([each]);
  };
  const exercise = async ({ person, does }: Step): Promise<void> => {
    const ref: RecordRef = { kind: 'contact', crmId: `P-${person}` as CrmId };
    const { deps, control } = world.operator();
    const rights = createRights(deps, control);
    if (does === 'restrict') {
      await rights.restrict(ref, REQUEST, ACTOR);
      restricted.set(person, Math.min(restricted.get(person) ?? Infinity, world.time.now()));
      return;
    }
    // An operator whose command fails because the ERP is away runs it again.
    for (;;) {
      try {
        await rights.erase({ by: 'record', ref }, REQUEST, ACTOR);
        break;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        await world.time.sleep(5_000);
      }
    }
    erased.add(person);
  };

  void later(0, () =>
    send(
      event(
        'evt-C-0',
        'customer',
        'C-0',
        { order: 0, happened: start, op: 'upsert' },
        { companyName: 'Firma', organizationNumber: NUMBER },
      ),
    ),
  );
  let at = 0;
  run.steps.forEach((step, n) => {
    at += step.after * 1000;
    const isRight = step.does === 'erase' || step.does === 'restrict';
    const each = eventOf(step, n + 1, start + at);
    void later(at + step.late, () => (isRight ? exercise(step) : send(each)));
    // Once more, long afterwards.
    if (!isRight) void later(at + 10 * 60_000 + step.late, () => send(each));
  });
  void later(at + 120_000, () =>
    send(
      event('evt-C-9', 'customer', 'C-9', { order: 99, happened: start + at, op: 'upsert' }, { companyName: 'Sist' }),
    ),
  );
  await world.time.pass(at + 15 * 60_000);
  world.spare();
  world.erp.lost = 0;
  await world.time.pass(HOUR_MS, () => underWay === 0);
  await world.time.pass(HOUR_MS);
  world.stop();

  const rows = [...world.erp.rows.values()].map(({ name }) => name.reveal());
  const problems = underWay === 0 ? [] : ['something is still under way'];
  for (const person of erased) {
    if (rows.some((name) => name.startsWith(`Person${person} `))) problems.push(`person ${person} is in the ERP`);
    if (world.raw().includes(`Person${person} `)) problems.push(`person ${person} is in storage`);
  }
  for (const [person, since] of restricted) {
    if (erased.has(person)) continue;
    const name = rows.find((each) => each.startsWith(`Person${person} `));
    const order = /Nr(\d+)/.exec(name ?? '')?.[1];
    const at = sentAt.get(`evt-P-${person}-${order}`);
    if (at !== undefined && at > since + UNSEEN_MS) problems.push(`person ${person} was processed while restricted`);
  }
  for (const person of [0, 1, 2].filter((each) => !erased.has(each) && !restricted.has(each))) {
    const mine = run.steps.flatMap((step, n) => (step.person === person ? [{ ...step, order: n + 1 }] : []));
    const newest = mine.at(-1);
    const held = rows.filter((name) => name.startsWith(`Person${person} `));
    const wanted = newest?.does === 'change' ? [`Person${person} Nr${newest.order} V${newest.value}`] : [];
    if (JSON.stringify(held) !== JSON.stringify(wanted))
      problems.push(`person ${person}: ${held.join()} is not the newest`);
  }
  return { problems, world };
}
