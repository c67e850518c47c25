import { startAzurite } from '../../local/azurite.ts';
import type { SyncDeps } from '../../shared/sync/index.ts';
import { oneByOne } from './one-by-one.ts';
import { round, type Benchmark, type Figure } from './report.ts';
import { drain, memoryEngine, storageEngine } from './support/engine.ts';
import { customerChange, range } from './support/records.ts';
import { startSandboxProcess, type SandboxProcess } from './support/sandbox-process.ts';

const IN_FLIGHT = 48;
const MARK = ' Avvist';

interface Run {
  readonly perMinute: number;
  readonly requestsPerChange: number;
  readonly figures: readonly Figure[];
}

/** (b) Requests per change and changes per minute, against one by one, under the ERP's own limits. */
export const sync: Benchmark = async ({ quick, say }) => {
  const erp = await startSandboxProcess();
  const accounts = ['first', 'second'].map((name) => ({ name, key: Buffer.from(name).toString('base64') }));
  const azurite = await startAzurite({ accounts });
  const engines = accounts.map(
    async (account) => (await storageEngine(erp, azurite.connectionStringFor(account))).sync,
  );
  try {
    say('one by one');
    const baseline = await runOneByOne(erp, quick ? 40 : 150);

    say('ledger and queue in memory');
    const amount = quick ? 1200 : 9600;
    const memory = await run(erp, 'in memory', memoryEngine(erp), amount, 0);
    const memoryErrors = await run(erp, 'in memory, 1 % refused', memoryEngine(erp), amount / 2, 100);

    say('through Azurite');
    const [first, second] = await Promise.all(engines);
    if (first === undefined || second === undefined) throw new Error('two accounts');
    const stored = await run(erp, 'Azurite', first, amount / 4, 0);
    const storedErrors = await run(erp, 'Azurite, 1 % refused', second, amount / 4, 100);

    return {
      name: 'sync',
      title: 'Sync: 48 changes in flight; 600 requests a minute, 60 in progress, 100 ms',
      figures: [
        { what: 'one by one: changes per minute', value: round(baseline, 0) },
        ...[memory, memoryErrors, stored, storedErrors].flatMap(({ figures }) => figures),
        {
          what: 'in memory: times one by one',
          value: round(memory.perMinute / baseline, 1),
          target: { least: 20 },
        },
        { what: 'Azurite: times one by one', value: round(stored.perMinute / baseline, 1) },
      ],
      notes: [
        'Half of the customers stand in the ERP already, with another address and their number in some spelling.',
        'One by one may use 600 requests a minute; the engine keeps to NXT_REQUESTS_PER_MINUTE=500.',
        'Times count from the first apply; the engine starts with an empty ledger and reads the schema.',
      ],
    };
  } finally {
    await Promise.all([erp.stop(), azurite.stop()]);
  }
};

async function prepare(erp: SandboxProcess, amount: number): Promise<void> {
  await erp.tell({ do: 'reset' });
  await erp.tell({ do: 'seed', from: 0, to: Math.floor(amount / 2) });
}

async function runOneByOne(erp: SandboxProcess, amount: number): Promise<number> {
  await prepare(erp, amount);
  const began = Date.now();
  await oneByOne(erp, range(0, amount), 1);
  return (amount * 60_000) / (Date.now() - began);
}

/** Every n-th record is refused by the ERP when `badEvery` says so. */
async function run(erp: SandboxProcess, where: string, deps: SyncDeps, amount: number, badEvery: number): Promise<Run> {
  const numbers = range(0, amount);
  await prepare(erp, amount);
  const isBad = (n: number) => badEvery > 0 && n % badEvery === badEvery - 1;
  if (badEvery > 0) await erp.tell({ do: 'refuse', nameContains: MARK });
  const events = numbers.map((n) => customerChange(n, { mark: isBad(n) ? MARK : '' }));
  const { outcomes, ms } = await drain(deps, events, IN_FLIGHT);
  const [summary, checked] = await Promise.all([erp.summary(), erp.verify(0, amount)]);
  const bad = numbers.filter(isBad).length;
  const perMinute = (amount * 60_000) / ms;
  const requestsPerChange = summary.counts.operations.all / amount;
  // A refused new customer has no row, a refused known one has no id; both are listed as failed.
  const lost = checked.missing - bad + checked.stale + (bad - (outcomes['failed'] ?? 0));
  return {
    perMinute,
    requestsPerChange,
    figures: [
      { what: `${where}: ERP requests per change`, value: round(requestsPerChange, 3), target: { most: 0.15 } },
      { what: `${where}: changes per minute`, value: round(perMinute, 0) },
      { what: `${where}: lost`, value: lost, target: { most: 0 } },
      { what: `${where}: doubled`, value: checked.doubled + summary.doubles, target: { most: 0 } },
      {
        what: `${where}: requests refused by a limit`,
        value: summary.counts.tooManyRequests + summary.counts.outstandingLimit,
      },
    ],
  };
}
