import { startAzurite } from '../../local/azurite.ts';
import { median, round, type Benchmark } from './report.ts';
import { startChild, type Child } from './support/child.ts';
import { environmentFor } from './support/engine.ts';
import type { Usage } from './support/host-child.ts';
import { customerChange, range } from './support/records.ts';
import { sendWebhooks } from './support/webhooks.ts';

const AT_ONCE = 32;

/** No ERP is needed: the messages stay where they are. */
const NO_ERP = { graphqlUrl: 'http://127.0.0.1:9', tokenUrl: 'http://127.0.0.1:9', companyNo: 1, clientId: 'none' };
const INTAKE_ONLY = Object.fromEntries(
  ['apply-change', 'write-back', 'sweep'].map((name) => [`AzureWebJobs.${name}.Disabled`, 'true']),
);

interface Run {
  readonly perSecond: number;
  readonly cpuMs: number;
}

/** (a) Webhooks with one event each through the host, against the bare storage calls, in turn. */
export const intake: Benchmark = async ({ quick, say }) => {
  const accounts = ['floor', 'intake'].map((name) => ({ name, key: Buffer.from(name).toString('base64') }));
  const azurite = await startAzurite({ accounts });
  const [floorAccount, intakeAccount] = accounts.map((account) => azurite.connectionStringFor(account));
  const children = await Promise.all([
    startChild<number>('floor-child.ts', { environment: environmentFor(NO_ERP, floorAccount ?? '') }),
    startChild<number>('host-child.ts', {
      environment: { ...environmentFor(NO_ERP, intakeAccount ?? ''), ...INTAKE_ONLY },
    }),
  ]);
  const [floorChild, host] = children;
  try {
    const amount = quick ? 300 : 1500;
    const rounds = quick ? 3 : 5;
    let sent = 0;
    const run = async (child: Child<number>): Promise<Run> => {
      const bodies = range(sent, sent + amount).map((n) => JSON.stringify(customerChange(n)));
      sent += amount;
      const before = await child.ask<Usage>({ do: 'usage' });
      const began = performance.now();
      await sendWebhooks(child.ready, bodies, AT_ONCE);
      const seconds = (performance.now() - began) / 1000;
      const after = await child.ask<Usage>({ do: 'usage' });
      return { perSecond: amount / seconds, cpuMs: (after.cpuMs - before.cpuMs) / amount };
    };
    say('warming up');
    for (const child of children) await run(child);
    const floors: Run[] = [];
    const intakes: Run[] = [];
    for (const round of range(1, rounds + 1)) {
      say(`round ${round} of ${rounds}`);
      floors.push(await run(floorChild));
      intakes.push(await run(host));
    }
    const ratios = intakes.map(({ perSecond }, index) => perSecond / (floors[index]?.perSecond ?? Infinity));
    return {
      name: 'intake',
      title: `Intake: webhooks with one event, ${AT_ONCE} at a time, against the same storage calls and nothing else`,
      figures: [
        { what: 'floor: per second', value: round(median(floors.map(({ perSecond }) => perSecond)), 0) },
        { what: 'intake: per second', value: round(median(intakes.map(({ perSecond }) => perSecond)), 0) },
        { what: 'intake / floor, median of the rounds', value: round(median(ratios)), target: { least: 0.85 } },
        { what: 'floor: CPU per webhook', value: round(median(floors.map(({ cpuMs }) => cpuMs))), unit: 'ms' },
        { what: 'intake: CPU per webhook', value: round(median(intakes.map(({ cpuMs }) => cpuMs))), unit: 'ms' },
      ],
      notes: [
        'Two reads, one insert and one queue message each. Azurite and the sender share the machine with both.',
        `Ratios of the rounds: ${ratios.map((ratio) => round(ratio)).join(', ')}.`,
      ],
    };
  } finally {
    await Promise.all([...children.map((child) => child.stop()), azurite.stop()]);
  }
};
