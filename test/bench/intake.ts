import { startAzurite } from '../../local/azurite.ts';
import { median, round, type Benchmark } from './report.ts';
import { startChild, type Child } from './support/child.ts';
import { environmentFor } from './support/engine.ts';
import type { Usage } from './support/usage.ts';
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
  const accounts = ['floor', 'intake', 'host'].map((name) => ({ name, key: Buffer.from(name).toString('base64') }));
  const azurite = await startAzurite({ accounts });
  const [floorAccount = '', intakeAccount = '', hostAccount = ''] = accounts.map((account) =>
    azurite.connectionStringFor(account),
  );
  const children = await Promise.all([
    startChild<number>('floor-child.ts', { environment: environmentFor(NO_ERP, floorAccount) }),
    startChild<number>('intake-child.ts', { environment: environmentFor(NO_ERP, intakeAccount) }),
    startChild<number>('host-child.ts', {
      environment: { ...environmentFor(NO_ERP, hostAccount), ...INTAKE_ONLY },
    }),
  ]);
  const [floorChild, intakeChild, host] = children;
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
    const hosts: Run[] = [];
    for (const each of range(1, rounds + 1)) {
      say(`round ${each} of ${rounds}`);
      floors.push(await run(floorChild));
      intakes.push(await run(intakeChild));
      hosts.push(await run(host));
    }
    const ratiosOf = (runs: readonly Run[]) =>
      runs.map(({ perSecond }, index) => round(perSecond / (floors[index]?.perSecond ?? Infinity)));
    const speed = (runs: readonly Run[]) => round(median(runs.map(({ perSecond }) => perSecond)), 0);
    const cpu = (runs: readonly Run[]) => round(median(runs.map(({ cpuMs }) => cpuMs)));
    return {
      name: 'intake',
      title: `Intake: webhooks with one event, ${AT_ONCE} at a time, against the same storage calls and nothing else`,
      figures: [
        { what: 'floor: per second', value: speed(floors) },
        { what: 'intake: per second', value: speed(intakes) },
        { what: 'intake in the host: per second', value: speed(hosts) },
        { what: 'intake / floor, median of the rounds', value: median(ratiosOf(intakes)), target: { least: 0.85 } },
        { what: 'intake in the host / floor', value: median(ratiosOf(hosts)) },
        { what: 'floor: CPU per webhook', value: cpu(floors), unit: 'ms' },
        { what: 'intake: CPU per webhook', value: cpu(intakes), unit: 'ms' },
        { what: 'intake in the host: CPU per webhook', value: cpu(hosts), unit: 'ms' },
      ],
      notes: [
        'Two reads, one insert and one queue message each. Azurite and the sender share the machine with all of them.',
        'The intake is signature, parsing, ledger, queue and log line on a bare server, as the floor is; the host is the stand-in for Azure Functions with the conversions of @azure/functions around it.',
        `Ratios of the rounds: ${ratiosOf(intakes).join(', ')}; in the host ${ratiosOf(hosts).join(', ')}.`,
      ],
    };
  } finally {
    await Promise.all([...children.map((child) => child.stop()), azurite.stop()]);
  }
};
