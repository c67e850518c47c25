import { setTimeout as delay } from 'node:timers/promises';
import { isOpen } from '../../shared/store/index.ts';
import type { CrmId, Kind, RecordRef } from '../../shared/record/index.ts';
import { replay } from '../../shared/sync/operate/replay.ts';
import { deliver } from './crm.ts';
import { seededRandom } from './seeded-random.ts';
import { REFUSED_NAME, type HistoryEvent } from './history.ts';
import { untilInSync, type Quiet } from './quiet.ts';
import { SCENARIOS, EventFactory, type Scenario } from './scenarios.ts';
import { DELETION_MARK, startSite, WEBHOOK_SECRET, type Site } from './site.ts';

export interface Step {
  readonly scenario: Scenario;
  readonly id: string;
  /** As `kill-at.ts` takes it. */
  readonly at: string;
}

export interface StepsResult extends Quiet {
  readonly site: Site;
  readonly events: readonly HistoryEvent[];
  readonly reached: readonly Step[];
  /** Steps that were over before the host came to them. */
  readonly missed: readonly Step[];
}

const PATIENCE_MS = (8 + 120) * 1000;
const AT_ONCE = 50;
/** A scenario is over within this time when nothing kills it. */
const OVER_MS = 6_000;

function stepsOf(scenarios: readonly Scenario[]): readonly Step[] {
  let count = 0;
  return scenarios.flatMap((scenario) =>
    Object.entries(scenario.steps).flatMap(([kind, times]) =>
      Array.from({ length: times }, (_, n) => n + 1).flatMap((nth) =>
        ['before', 'after'].map((when) => ({ scenario, id: String((count += 1)), at: `${kind}:${when}:${nth}` })),
      ),
    ),
  );
}

/** One host, killed once at each step of each scenario, each with records of its own; then everything is compared. */
export async function runSteps(
  { seed, only }: { readonly seed: number; readonly only: string },
  say: (text: string) => void,
): Promise<StepsResult> {
  const steps = stepsOf(SCENARIOS.filter(({ name }) => name.includes(only)));
  const random = seededRandom(seed);
  const site = await startSite({ name: `steps-${seed}`, hosts: 1, seed, crmFails: () => false, latencyMs: 20 });
  const [host] = site.hosts;
  if (!host) throw new Error('no host');
  const factory = new EventFactory();
  const send = async (events: readonly HistoryEvent[]): Promise<void> => {
    const origins = (): readonly string[] => (host.origin === null ? [] : [host.origin]);
    if (events.length > 0) await deliver(events, { secret: WEBHOOK_SECRET, random, origins });
  };
  const expectation = () => ({ events: factory.events, twins: [], deletionMark: DELETION_MARK });

  const before = steps.flatMap(({ scenario, id }) => scenario.before(factory, id));
  for (let first = 0; first < before.length; first += AT_ONCE) await send(before.slice(first, first + AT_ONCE));
  const ready = await untilInSync(site, expectation(), PATIENCE_MS);
  if (ready.violations.length > 0) return { ...ready, site, events: factory.events, reached: [], missed: steps };
  say(`${steps.length} steps; ${before.length} events before them are in sync`);

  const reached: Step[] = [];
  const missed: Step[] = [];
  for (const step of steps) {
    await host.untilUp();
    const deaths = host.deaths;
    host.arm(step.at);
    await carryOut(step, site, factory, send);
    const isReached = await diesIn(
      () => host.deaths > deaths,
      () => isOver(step, site),
    );
    host.arm('');
    (isReached ? reached : missed).push(step);
    if ((reached.length + missed.length) % 20 === 0) say(`${reached.length} steps reached, ${missed.length} not`);
  }
  await replaySuspected(site, say);
  const quiet = await untilInSync(site, expectation(), PATIENCE_MS);
  return { ...quiet, site, events: factory.events, reached, missed };
}

/**
 * One host that dies every few seconds takes other records' messages with it, until five deaths make them look like the
 * cause. That is listed, as it should be; here is the person who has them tried again.
 */
async function replaySuspected({ observer }: Site, say: (text: string) => void): Promise<void> {
  const options = { dryRun: false, cap: 1_000, release: false, pace: async () => undefined };
  let quietRounds = 0;
  while (quietRounds < 3) {
    const replayed = await replay(observer.sync, { code: 'crash.suspected' }, options);
    quietRounds = replayed.length === 0 ? quietRounds + 1 : 0;
    if (replayed.length > 0) say(`${replayed.length} suspected of crashing, tried again`);
    await delay(12_000);
  }
}

async function carryOut(
  { scenario, id }: Step,
  { observer, erp }: Site,
  factory: EventFactory,
  send: (events: readonly HistoryEvent[]) => Promise<void>,
): Promise<void> {
  if (scenario.then !== 'replay') {
    await send(scenario.then(factory, id));
    return;
  }
  // The ERP takes this row from now on; what was refused is right as it was.
  const name = `Kunde ${id} ${REFUSED_NAME}`;
  mend(factory, `C-${id}`);
  erp.faults.clear();
  const mended = new Set(
    factory.events.filter((event) => event.refused === null).map(({ content }) => content['name']),
  );
  erp.faults.refuseRows((row) => row.name.includes(REFUSED_NAME) && !mended.has(row.name) && row.name !== name);
  const refs = scenario.records(id).map(toRef);
  await replay(observer.sync, { refs }, { dryRun: false, cap: 1, release: false, pace: async () => undefined });
}

function mend(factory: EventFactory, crmId: string): void {
  const at = factory.events.findIndex((event) => event.crmId === crmId);
  const event = factory.events[at];
  if (event) factory.events[at] = { ...event, refused: null };
}

function toRef(record: string): RecordRef {
  const [kind, crmId] = record.split('|');
  return { kind: kind as Kind, crmId: crmId as CrmId };
}

/** True once it died; false once it had no reason left to. */
async function diesIn(isDead: () => boolean, isDone: () => Promise<boolean>): Promise<boolean> {
  const until = Date.now() + OVER_MS;
  while (Date.now() < until) {
    if (isDead()) return true;
    if (await isDone()) {
      // What follows the last save, such as deleting the message, may still be under way.
      await delay(400);
      return isDead();
    }
    await delay(50);
  }
  return isDead();
}

async function isOver({ scenario, id }: Step, { observer }: Site): Promise<boolean> {
  for (const ref of scenario.records(id).map(toRef)) {
    const { pending, state } = await observer.ledger.read(ref);
    const entries = await Promise.all(
      (['wake', 'writeback', 'poison'] as const).map((what) => observer.ledger.readOwed(ref, what)),
    );
    if ((pending && isOpen(pending.row)) || !state || state.row.leaseUntil !== '') return false;
    if (entries.some((entry) => entry !== null)) return false;
  }
  return true;
}
