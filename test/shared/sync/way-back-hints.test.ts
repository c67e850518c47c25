import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { startCrmSimulator, type CrmSimulator } from '../../../local/crm/index.ts';
import { closeServer, listen } from '../../../local/nxt/http.ts';
import { receiveHints } from '../../../shared/sources/index.ts';
import type { HintDeps } from '../../../shared/sources/nxt/receive-hints.ts';
import { takeHints, writeFields } from '../../../shared/sync/index.ts';
import { customerEvent } from '../../kit/events.ts';
import { eventually } from '../../kit/eventually.ts';
import { customer, startWorld, type World } from '../../kit/world.ts';

const KEY = 'key-of-the-portal';
const C = customer('C-1');
const ADDRESS = { address: 'Rødbølveien 22', city: 'Larvik' };

let world: World;
let crm: CrmSimulator;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all([world.stop(), crm.stop(), ...stops.splice(0).map((stop) => stop())]);
});

/** The route of Visma's webhooks, on the world's engine. */
async function serveHints(): Promise<string> {
  const server = createServer((request, response) => {
    const header = (name: string) => [request.headers[name]].flat()[0] ?? null;
    const deps: HintDeps = {
      key: () => world.engine.secrets.find('nxt-webhook-key'),
      companyNo: async () => world.sandbox.companyNo,
      take: async (hints) => {
        const rows = hints.map(({ associateNo }) => associateNo);
        await takeHints(world.sync, rows);
      },
    };
    void receiveHints({ header, body: request }, deps).then(({ status }) => response.writeHead(status).end());
  });
  const port = await listen(server, 0);
  stops.push(() => closeServer(server));
  return `http://127.0.0.1:${port}/`;
}

/** A customer in sync, and a sandbox that tells of every change from here on. */
async function start(settings: Readonly<Record<string, string>>, key = KEY): Promise<void> {
  crm = await startCrmSimulator({ token: 'token' });
  const api = { CRM_API_URL: crm.origin, CRM_API_TOKEN: 'token', NXT_WEBHOOK_KEY: KEY };
  world = await startWorld({ settings: { ...api, ...settings } });
  await world.send(customerEvent('C-1', ADDRESS, { version: 1 }));
  await world.drain();
  world.sandbox.sendTableChanges({ url: await serveHints(), key });
}

const answers = () => world.sandbox.tableChanges().map((delivery) => delivery.answers);

/** A person saves the row in the sandbox's page; done when its webhook is answered. */
async function editAsAccounting(change: object): Promise<void> {
  const before = answers().length;
  const associateNo = (await world.state(C))?.associateNo;
  const response = await fetch(`${world.sandbox.origin}/sandbox/edit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ associateNo, change, user: 'KARI' }),
  });
  expect(response.status).toBe(200);
  await eventually(() => expect(answers().slice(before).flat()).toHaveLength(1));
}

/** Whatever is owed is done, until nothing is. */
async function settle(): Promise<void> {
  world.advance(60_000);
  await world.drain();
  await world.apply(C);
  await writeFields({ sync: world.sync, writeBack: world.engine.writeBack }, C);
}

const fieldsTold = () => crm.records.calls.filter(({ body }) => !JSON.stringify(body).includes('Number'));
const erpWrites = () => {
  const { create, update, delete: deleted } = world.sandbox.requests.counts.operations;
  return create + update + deleted;
};

describe('an address corrected in NXT', () => {
  it('reaches the CRM by the signed TableChange, and causes no further write', async () => {
    await start({ ERP_TO_CRM: 'write' });
    const writes = erpWrites();
    await editAsAccounting({ addressLine1: 'Storgata 5' });
    await settle();
    expect(answers()).toEqual([[202]]);
    expect(fieldsTold()).toMatchObject([
      { crmId: 'C-1', ifMatch: '"1"', outcome: 200, body: { address: 'Storgata 5' } },
    ]);
    expect(crm.records.customers.get('C-1')).toMatchObject({ address: 'Storgata 5' });

    // The CRM's own webhook for it, and Visma's telling of it once more.
    world.advance(60_000);
    const occurredAt = new Date(world.now()).toISOString();
    await world.send(customerEvent('C-1', { ...ADDRESS, address: 'Storgata 5' }, { version: 2, occurredAt }));
    await settle();
    await editAsAccounting({ information1: 'x' });
    await settle();
    expect(fieldsTold()).toHaveLength(1);
    expect(erpWrites()).toBe(writes);
  });

  it('is listed and not written with report', async () => {
    await start({ ERP_TO_CRM: 'report' });
    await editAsAccounting({ addressLine1: 'Storgata 5' });
    await settle();
    expect((await world.state(C))?.wayBack.open).toMatchObject({ address: { is: 'to-crm' } });
    expect(fieldsTold()).toEqual([]);
  });

  it('is not heard of from one who does not know the key', async () => {
    await start({ ERP_TO_CRM: 'write' }, 'another key');
    await editAsAccounting({ addressLine1: 'Storgata 5' });
    await settle();
    expect(answers()).toEqual([[401]]);
    expect(fieldsTold()).toEqual([]);
  });
});
