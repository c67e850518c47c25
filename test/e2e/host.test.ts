import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { sendChanges, startCrmSimulator } from '../../local/crm/index.ts';
import { startNxtSandbox } from '../../local/nxt/index.ts';
import { openEngine } from '../../shared/engine.ts';
import { settingsUnlikeTheApps } from '../../shared/published-settings.ts';
import { freshStorageAccount } from '../kit/azurite.ts';
import { eventually } from '../kit/eventually.ts';
import { builtProgram } from '../kit/run.ts';
import { WEBHOOK_SECRET } from '../kit/world.ts';
import { customerChange, newCustomers, organizationNumber, spelled } from './support/changes.ts';
import { settingsFor, startHost } from './support/host.ts';
import { compare, rowOf, writes } from './support/rows.ts';
import { openLedger } from './support/settled.ts';

const CUSTOMERS = 12;
const CRM_TOKEN = 'crm-token';
/** A record's next write waits so long after the one before. */
const FOLD_MS = 3_000;
const program = await builtProgram();

/** An ERP whose columns have other names than the sandbox's own, and the first half of the customers already. */
const startErp = () =>
  startNxtSandbox({
    names: { contactForAssociateNo: 'liaisonActorNo', deliveryToAssociateNo: 'goodsToActorNo' },
    rows: Array.from({ length: CUSTOMERS / 2 }, (_, index) => ({
      associateNo: 500 + index,
      customerNo: 20_000 + index,
      name: `Kunde ${index + 1} AS`,
      companyNo: spelled(organizationNumber(index + 1), index),
      postalArea: 'LARVIK',
    })),
  });

test('customers under other spellings of their number are linked, numbers go back, unchanged states write nothing', async () => {
  const [sandbox, crm] = await Promise.all([startErp(), startCrmSimulator({ token: CRM_TOKEN })]);
  onTestFinished(() => sandbox.stop());
  onTestFinished(() => crm.stop());
  const settings = {
    ...settingsFor(await freshStorageAccount(), sandbox),
    CRM_API_URL: crm.origin,
    CRM_API_TOKEN: CRM_TOKEN,
  };
  const [host, ledger] = await Promise.all([startHost(program, settings), openLedger(settings)]);
  const stream = { url: host.webhookUrl, secret: WEBHOOK_SECRET, inFlight: 8 };

  await sendChanges({ ...stream, events: newCustomers(CUSTOMERS) });
  await ledger.settled();
  expect(await ledger.failures()).toEqual([]);
  expect(compare(sandbox, CUSTOMERS)).toEqual({ lost: [], wrongParent: [], doubled: [], rows: CUSTOMERS * 3 });
  for (let n = 1; n <= CUSTOMERS / 2; n += 1) {
    expect(rowOf(sandbox, `crm:customer:C-${n}`)).toMatchObject({
      associateNo: 499 + n,
      customerNo: 19_999 + n,
      companyNo: spelled(organizationNumber(n), n - 1),
      postalArea: 'LARVIK',
    });
  }
  expect(crm.records.customers.get('C-1')).toEqual({ customerNumber: 20_000, actorNumber: 500 });
  expect(crm.records.contacts.get('P-1a')).toMatchObject({ relatedCustomerActorNumber: 500 });
  expect([crm.records.customers.size, crm.records.contacts.size]).toEqual([CUSTOMERS, CUSTOMERS * 2]);

  const [writesBefore, callsBefore] = [writes(sandbox), crm.records.calls.length];
  const answers = await sendChanges({ ...stream, events: [newCustomers(CUSTOMERS, 2)] });
  expect(JSON.stringify(answers[0]?.body)).not.toContain('repeated');
  await ledger.settled();
  expect(await ledger.failures()).toEqual([]);
  expect(writes(sandbox) - writesBefore).toBe(0);
  expect(crm.records.calls.length - callsBefore).toBe(0);

  const elsewhere = await openEngine({ ...settings, SYNC_MODE: 'plan' }, () => undefined);
  await eventually(
    async () => {
      expect(await settingsUnlikeTheApps(elsewhere.control, elsewhere.settings)).toEqual(['SYNC_MODE']);
    },
    { everyMs: 200 },
  );
});

test('it answers for its health, ends with 0 at SIGTERM in the middle of its work, and the next host finishes it', async () => {
  const sandbox = await startNxtSandbox({ latencyMs: 150 });
  onTestFinished(() => sandbox.stop());
  const settings = settingsFor(await freshStorageAccount(), sandbox);
  const [first, ledger] = await Promise.all([startHost(program, settings), openLedger(settings)]);
  await eventually(async () => {
    const health = await fetch(first.healthUrl);
    expect([health.status, await health.text()]).toEqual([200, 'ok']);
  });

  await sendChanges({ url: first.webhookUrl, secret: WEBHOOK_SECRET, events: newCustomers(30), inFlight: 16 });
  await eventually(() => expect(sandbox.rows().length).toBeGreaterThan(0));
  first.kill('SIGTERM');
  expect(await first.exited).toBe(0);

  await startHost(program, settings);
  await ledger.settled();
  expect(await ledger.failures()).toEqual([]);
  expect(compare(sandbox, 30)).toEqual({ lost: [], wrongParent: [], doubled: [], rows: 90 });
});

test('100 updates to one record are at most one write in three seconds, and the last state wins', async () => {
  const sandbox = await startNxtSandbox({ latencyMs: 100 });
  onTestFinished(() => sandbox.stop());
  const settings = settingsFor(await freshStorageAccount(), sandbox);
  const [host, ledger] = await Promise.all([startHost(program, settings), openLedger(settings)]);
  const events = Array.from({ length: 100 }, (_, index) =>
    customerChange(1, index + 1, { address: `Storgata ${index + 1}` }),
  );

  const began = performance.now();
  const answers = await sendChanges({ url: host.webhookUrl, secret: WEBHOOK_SECRET, events, inFlight: 16 });
  expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
  await ledger.settled();
  expect(rowOf(sandbox, 'crm:customer:C-1')).toMatchObject({ addressLine1: 'Storgata 100' });
  expect(sandbox.rows()).toHaveLength(1);
  // How many fit depends on how long a busy machine takes to send them: three where it takes less than three seconds.
  expect(writes(sandbox)).toBeLessThanOrEqual(2 + Math.ceil((performance.now() - began) / FOLD_MS));
});

test('a SIGTERM to npm run host ends the host, also where the shell in between only dies of it', async () => {
  const sandbox = await startNxtSandbox();
  onTestFinished(() => sandbox.stop());
  const settings = settingsFor(await freshStorageAccount(), sandbox);
  const npm = spawn('npm', ['run', 'host'], {
    cwd: program,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  onTestFinished(() => {
    if (npm.pid !== undefined && !npm.stdout.closed) process.kill(-npm.pid, 'SIGKILL');
  });
  let output = '';
  npm.stdout.on('data', (chunk) => (output += String(chunk)));
  await eventually(() => expect(output).toMatch(/^listening on /m));
  // Standard output is closed when the last process that holds it has ended: the host, not npm.
  const ended = new Promise((resolve) => npm.stdout.once('close', resolve));
  npm.kill('SIGTERM');
  await ended;
});
