import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startNxtSandbox, type NxtSandbox } from '../../local/nxt/index.ts';
import { freshStorageAccount } from '../kit/azurite.ts';
import { eventually } from '../kit/eventually.ts';
import { builtProgram } from '../kit/run.ts';
import { settingsFor, startHost, type Environment, type Host } from './support/host.ts';

const DAY_MS = 86_400_000;
const CLOCK = pathToFileURL(path.join(import.meta.dirname, 'support/moved-clock.ts')).href;
const program = await builtProgram();

/** A second before the timer is due (02:30 UTC), so many nights from now. */
const beforeNight = (night: number): number => new Date().setUTCHours(2, 29, 59, 0) + night * DAY_MS;

/** Its clock stands until `goesOn`. */
async function startAt(settings: Environment, night: number) {
  const clock = { NODE_OPTIONS: `--import=${CLOCK}`, CLOCK_AT: String(beforeNight(night)) };
  const host = await startHost(program, { ...settings, ...clock });
  return { ...host, goesOn: () => host.kill('SIGUSR2') };
}

interface Kept {
  readonly by: string;
  readonly at: string;
  readonly lines: readonly { readonly kind: string; readonly associateNos: readonly number[] }[];
  readonly unfinished: { readonly by: string; readonly code: string } | null;
}

/** What the console's API has. */
async function kept({ webhookUrl }: Host): Promise<Kept | null> {
  const response = await fetch(new URL('/api/ops/v1/differences', webhookUrl));
  return ((await response.json()) as { last: Kept | null }).last;
}

const page = async ({ webhookUrl }: Host): Promise<string> =>
  (await fetch(new URL('/api/ops/differences', webhookUrl), { headers: { accept: 'text/html' } })).text();

const scans = ({ requests }: NxtSandbox): number => requests.counts.operations.read;

test('the timer compares both systems at night, once a week; a night that fails leaves the list as it was and says so', async () => {
  const rows = [41, 42].map((associateNo) => ({ associateNo, customerNo: associateNo + 10_000, name: 'Dobbel AS' }));
  const sandbox = await startNxtSandbox({ rows: rows.map((row) => ({ ...row, companyNo: '974760673' })) });
  onTestFinished(() => sandbox.stop());
  const settings = {
    ...settingsFor(await freshStorageAccount(), sandbox),
    HOST_SIGN_IN: 'kari',
    NXT_POLL_MINUTES: '0',
  };

  const first = await startAt(settings, 1);
  first.goesOn();
  await first.until(/"event":"reconcile","outcome":"done","differences":\{"doubled":1,"only-in-erp":2\}/);
  expect(await kept(first)).toMatchObject({ by: 'timer', unfinished: null, lines: [{ kind: 'doubled' }, {}, {}] });
  expect(await page(first)).toMatch(/Compared [^<]* by timer\./);
  first.kill('SIGTERM');
  await first.exited;

  // The next night it is not due.
  const read = scans(sandbox);
  const second = await startAt(settings, 2);
  second.goesOn();
  await second.until(/(?:"event":"heartbeat"[^]*){3}/);
  expect(scans(sandbox)).toBe(read);
  second.kill('SIGKILL');

  // A week later the ERP is closed.
  sandbox.faults.add({ do: 'status', status: 503, on: 'read' });
  const closed = await startAt(settings, 8);
  closed.goesOn();
  await closed.until(/"event":"reconcile","outcome":"waiting","code":"erp\.unavailable"/);
  expect(await kept(closed)).toMatchObject({ by: 'timer', unfinished: { by: 'timer', code: 'erp.unavailable' } });
  expect((await kept(closed))?.lines).toHaveLength(3);
  expect(await page(closed)).toContain('could not be brought to an end');
  closed.kill('SIGTERM');
  await closed.exited;
  sandbox.faults.clear();

  // The night after it is open, hangs, and the process dies.
  sandbox.faults.add({ do: 'hang', on: 'read' });
  const hanging = await startAt(settings, 9);
  hanging.goesOn();
  await eventually(async () => {
    const { unfinished = null } = (await kept(hanging)) ?? {};
    if (unfinished?.code !== '') throw new Error('not begun');
  });
  hanging.kill('SIGKILL');
  sandbox.faults.clear();

  // And the one after that it is brought to its end.
  const last = await startAt(settings, 10);
  expect(await page(last)).toContain('it still runs, or was broken off.');
  expect((await kept(last))?.lines).toHaveLength(3);
  last.goesOn();
  await last.until(/"event":"reconcile","outcome":"done"/);
  expect(await kept(last)).toMatchObject({ by: 'timer', unfinished: null });
});
