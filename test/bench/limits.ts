import { setTimeout as delay } from 'node:timers/promises';
import { startAzurite } from '../../local/azurite.ts';
import { round, type Benchmark } from './report.ts';
import { startChild } from './support/child.ts';
import { environmentFor } from './support/engine.ts';
import { customerChange, range } from './support/records.ts';
import { startSandboxProcess } from './support/sandbox-process.ts';
import { sendWebhooks } from './support/webhooks.ts';

const HOSTS = 4;
const LIMIT = 500;
const MINUTE = 60_000;

/**
 * Without an external id an answer cannot be matched to its row, so that every create is a request of its own however
 * many are in flight: more work than the budget lets through, in batches of one.
 */
const BATCHES_OF_ONE = {
  NXT_EXTERNAL_ID_COLUMN: 'none',
  NXT_REQUESTS_PER_MINUTE: String(LIMIT),
};

type Arrival = readonly [at: number, operations: number];

/** (f) Four hosts on one storage account share one budget; one of them is killed on the way. */
export const limits: Benchmark = async ({ quick, say }) => {
  const azurite = await startAzurite();
  // The ERP's own limit is out of the way, so that what arrives is what the hosts let out.
  const erp = await startSandboxProcess({ requestsPerMinute: 600, latencyMs: 20 });
  const environment = { ...environmentFor(erp, azurite.connectionString), ...BATCHES_OF_ONE };
  const startHost = (more: Readonly<Record<string, string>> = {}) =>
    startChild<number>('host-child.ts', { environment: { ...environment, ...more } });
  const minutes = quick ? 1 : 2;
  const intakeOnly = await startHost({ 'AzureWebJobs.apply-change.Disabled': 'true' });
  const bodies = range(0, quick ? 1800 : 2600).map((n) => JSON.stringify(customerChange(n)));
  await sendWebhooks(intakeOnly.ready, bodies, 16);
  await intakeOnly.stop();
  const hosts = await Promise.all(Array.from({ length: HOSTS }, () => startHost()));
  try {
    say(`${HOSTS} hosts`);
    while ((await erp.arrivals()).length === 0) await delay(200);
    await delay(minutes * MINUTE + 5_000);
    const killedAt = Date.now();
    say('one is killed');
    hosts[0]?.process.kill('SIGKILL');
    await delay(2 * MINUTE);
    const arrivals = await erp.arrivals();
    const [summary, checked] = await Promise.all([erp.summary(), erp.verify(0, bodies.length)]);
    const first = (arrivals[0]?.[0] ?? 0) + 5_000;
    const used = within(arrivals, first, first + minutes * MINUTE) / (LIMIT * minutes);
    const usedAfter = within(arrivals, killedAt + MINUTE, killedAt + 2 * MINUTE) / LIMIT;
    const left = bodies.length - summary.counts.rows.create;
    return {
      name: 'limits',
      title: `Limits: ${HOSTS} hosts on one storage account, NXT_REQUESTS_PER_MINUTE=${LIMIT}, batches of one`,
      figures: [
        { what: 'most requests in any 60 s', value: mostPerMinute(arrivals), target: { most: LIMIT } },
        { what: 'share of the budget used', value: round(used), target: { least: 0.85 } },
        { what: 'share used in the second minute after a kill', value: round(usedAfter), target: { least: 0.85 } },
        { what: 'requests answered with 429', value: summary.counts.tooManyRequests, target: { most: 0 } },
        { what: 'most in progress at one time', value: summary.maxInProgress, target: { most: 10 } },
        { what: 'changes still waiting at the end', value: left },
        { what: 'doubled', value: checked.doubled, target: { most: 0 } },
      ],
      notes: left > 0 ? [] : ['The work ran out before the end: the shares are too low. Raise the number of changes.'],
    };
  } finally {
    await Promise.all([...hosts.map((host) => host.stop()), erp.stop(), azurite.stop()]);
  }
};

const within = (arrivals: readonly Arrival[], from: number, to: number): number =>
  arrivals.filter(([at]) => at >= from && at < to).reduce((sum, [, operations]) => sum + operations, 0);

function mostPerMinute(arrivals: readonly Arrival[]): number {
  let [most, sum, first] = [0, 0, 0];
  for (const [at, operations] of arrivals) {
    sum += operations;
    for (let old = arrivals[first]; old && old[0] <= at - MINUTE; old = arrivals[first]) {
      sum -= old[1];
      first += 1;
    }
    most = Math.max(most, sum);
  }
  return most;
}
