import { expect, onTestFinished, test } from 'vitest';
import { sendChanges } from '../../local/crm/index.ts';
import { startNxtSandbox } from '../../local/nxt/index.ts';
import { freshStorageAccount } from '../kit/azurite.ts';
import { builtProgram } from '../kit/run.ts';
import { WEBHOOK_SECRET } from '../kit/world.ts';
import { newCustomers } from './support/changes.ts';
import { settingsFor, startHost } from './support/host.ts';
import { compare, writes } from './support/rows.ts';
import { openLedger } from './support/settled.ts';

const CUSTOMERS = 60;
const program = await builtProgram();

test('60 new customers with two contacts each: none lost, none doubled, none under a wrong customer; sent again, nothing is written', async () => {
  const sandbox = await startNxtSandbox({ latencyMs: [20, 60] });
  onTestFinished(() => sandbox.stop());
  const settings = settingsFor(await freshStorageAccount(), sandbox);
  const [host, ledger] = await Promise.all([startHost(program, settings), openLedger(settings)]);
  const events = newCustomers(CUSTOMERS);
  const stream = { url: host.webhookUrl, secret: WEBHOOK_SECRET, events, inFlight: 16 };

  const answers = await sendChanges(stream);
  expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
  await ledger.settled();
  expect(await ledger.failures()).toEqual([]);
  expect(compare(sandbox, CUSTOMERS)).toEqual({ lost: [], wrongParent: [], doubled: [], rows: CUSTOMERS * 3 });
  expect(sandbox.requests.counts.operations.all).toBeLessThanOrEqual(3 * events.length);
  expect(sandbox.requests.counts).toMatchObject({ tooManyRequests: 0, outstandingLimit: 0 });

  const before = writes(sandbox);
  const again = await sendChanges(stream);
  expect(again.map(({ body }) => JSON.stringify(body)).filter((body) => !body.includes('"repeated"'))).toEqual([]);
  await ledger.settled();
  expect(writes(sandbox) - before).toBe(0);
});
