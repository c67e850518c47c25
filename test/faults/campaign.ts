import { setTimeout as delay } from 'node:timers/promises';
import { QUEUES } from '../../shared/storage-names.ts';
import { deliver, type SentRequest } from './crm.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';
import { randomHistory, REFUSED_NAME, type History, type HistoryEvent } from './history.ts';
import { untilInSync, type Quiet } from './quiet.ts';
import { DELETION_MARK, startSite, WEBHOOK_SECRET, type Site } from './site.ts';
import { STEP_KINDS } from './step-kinds.ts';
import { injectFaults, stopFaults } from './fault-injection.ts';

export interface CampaignOptions {
  readonly seed: number;
  readonly events: number;
  readonly hosts: number;
  readonly kills: number;
}

export interface CampaignResult extends Quiet {
  readonly history: History;
  readonly requests: readonly SentRequest[];
  readonly site: Site;
  readonly sendSeconds: number;
}

/** Requests of the CRM that are on their way at the same time. */
const IN_FLIGHT = 8;
const MOST_EVENTS_PER_REQUEST = 12;
/**
 * Messages that may wait before the CRM holds back. Azurite looks through all messages of a queue at each receive: with
 * ten thousand it answers nobody in time, which is no fault of the program's.
 */
const MOST_WAITING = 1_500;
/** Largest of the times in SHORT_SETTINGS, and the two minutes of the contract. */
const PATIENCE_MS = (8 + 120) * 1000;

/** Sends a random history with faults injected, killing hosts and restarting storage meanwhile; then compares. */
export async function runCampaign(
  { seed, events, hosts, kills }: CampaignOptions,
  say: (text: string) => void,
): Promise<CampaignResult> {
  const random = seededRandom(seed + 1);
  const history = randomHistory({ seed, events });
  const site = await startSite({
    name: `random-${seed}`,
    hosts,
    seed,
    crmFails: () => random.chance(0.05),
    latencyMs: [5, 80],
  });
  say(`hosts are up; logs in ${site.folder}`);
  injectFaults(site.erp.faults);
  const began = Date.now();
  const requests = await sendAll(history.sent, site, random, kills, say);
  // Killed while nothing comes in any more, too.
  stopFaults(site.erp.faults, (name) => name.includes(REFUSED_NAME));
  for (const host of site.hosts) host.arm('');
  const sendSeconds = Math.round((Date.now() - began) / 1000);
  say(`all sent after ${sendSeconds} s; waiting until everything is in sync`);
  const expected = { events: history.events, twins: history.twins, deletionMark: DELETION_MARK };
  const quiet = await untilInSync(site, expected, PATIENCE_MS);
  return { ...quiet, history, requests, site, sendSeconds };
}

async function sendAll(
  sent: readonly HistoryEvent[],
  site: Site,
  random: SeededRandom,
  kills: number,
  say: (text: string) => void,
): Promise<readonly SentRequest[]> {
  const requests: SentRequest[] = [];
  const origins = (): readonly string[] => site.hosts.flatMap(({ origin }) => (origin === null ? [] : [origin]));
  let next = 0;
  let killed = 0;
  let restart: Promise<void> | null = null;
  const storm = async (): Promise<void> => {
    const progress = next / sent.length;
    if (killed < kills && progress >= (killed + 0.5) / kills) {
      killed += 1;
      const host = random.pick(site.hosts);
      // Half of them at whatever it is doing, half right before or right after an effect.
      if (killed % 2 === 0) host.kill();
      else host.arm(`${random.pick(STEP_KINDS)}:${random.pick(['before', 'after'])}:${1 + random.below(4)}`);
    }
    if (restart === null && progress >= 0.5) {
      restart = site.azurite.restart();
      say('storage is restarted');
      await restart;
    }
  };
  let waiting = 0;
  const look = async (): Promise<void> => {
    // Storage that is being restarted says nothing: then it is as it was.
    const depths = await site.observer.queues.depths().catch(() => null);
    if (depths) waiting = depths[QUEUES.changes] ?? 0;
  };
  const worker = async (): Promise<void> => {
    while (next < sent.length) {
      while (waiting > MOST_WAITING) await delay(200);
      const some = sent.slice(next, next + 1 + random.below(MOST_EVENTS_PER_REQUEST));
      next += some.length;
      await storm();
      requests.push(await deliver(some, { secret: WEBHOOK_SECRET, random, origins }));
    }
  };
  const looks = setInterval(() => void look(), 1_000);
  const progress = setInterval(() => say(`${next} of ${sent.length} sent, ${site.erp.rows().length} rows`), 15_000);
  try {
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    // A step that nobody came to has killed nobody: the rest die over the work that goes on without the CRM.
    while (site.hosts.reduce((sum, { deaths }) => sum + deaths, 0) < kills) {
      const host = random.pick(site.hosts);
      await host.untilUp();
      await delay(random.below(1_000));
      host.kill();
      await delay(200);
    }
  } finally {
    clearInterval(looks);
    clearInterval(progress);
  }
  return requests;
}
