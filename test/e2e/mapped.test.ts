import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { startNxtSandbox } from '../../local/nxt/index.ts';
import { readBody } from '../../local/nxt/http.ts';
import { freshStorageAccount } from '../kit/azurite.ts';
import { eventually } from '../kit/eventually.ts';
import { builtProgram } from '../kit/run.ts';
import { settingsFor, startHost } from './support/host.ts';
import { openLedger } from './support/settled.ts';

const program = await builtProgram();
const SECRET = 'dataverse-hemmelighet';
const KEY = Buffer.alloc(32, 7).toString('base64');
const ROW = {
  '@odata.etag': 'W/"468026"',
  name: 'Port-Service Øst AS',
  address1_line1: 'Rødbølveien 22',
  address1_line2: 'Porten bak',
  address1_postalcode: '3270',
  address1_city: 'Larvik',
};

interface Asked {
  readonly ifMatch: string | undefined;
  readonly authorization: string | undefined;
  readonly path: string | undefined;
  readonly body: unknown;
}

/** As much of Dataverse's Web API as the mapping uses: one row. */
async function startDataverse() {
  const patches: Asked[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const { authorization, 'if-match': ifMatch } = request.headers;
      if (request.method === 'PATCH') {
        patches.push({ ifMatch, authorization, path: request.url, body: JSON.parse(text) as unknown });
        response.writeHead(204).end();
      } else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ROW));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { patches, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('a CRM by a ready mapping: its webhook makes a customer, the number goes back, and so does what accounting edits', async () => {
  const [sandbox, dataverse] = await Promise.all([startNxtSandbox(), startDataverse()]);
  onTestFinished(() => sandbox.stop());
  const settings = {
    ...settingsFor(await freshStorageAccount(), sandbox),
    CRM_ADAPTER: 'mapped',
    CRM_MAPPING: 'dataverse',
    CRM_WEBHOOK_SECRET: SECRET,
    CRM_API_URL: dataverse.origin,
    CRM_API_TOKEN: 'dataverse-token',
    ERP_TO_CRM: 'write',
    NXT_WEBHOOK_KEY: KEY,
  };
  const [host, ledger] = await Promise.all([startHost(program, settings), openLedger(settings)]);
  sandbox.sendTableChanges({ url: host.webhookUrl.replace(/crm$/, 'nxt'), key: KEY });
  const golden = z
    .object({ request: z.looseObject({ PrimaryEntityId: z.string() }) })
    .parse(JSON.parse(await readFile('test/shared/sources/mapped/golden/dataverse.account.json', 'utf8')));
  const post = (secret: string) =>
    fetch(host.webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sync-secret': secret },
      body: JSON.stringify(golden.request),
    });
  expect((await post('another')).status).toBe(401);
  expect((await post(SECRET)).status).toBe(200);
  await ledger.settled();
  const [row, ...others] = sandbox.rows();
  expect(row).toMatchObject({ name: 'Port-Service Øst AS', addressLine2: 'Porten bak', postalArea: 'Larvik' });
  expect(others).toEqual([]);
  const path = `/api/data/v9.2/accounts(${golden.request.PrimaryEntityId})`;
  const authorization = 'Bearer dataverse-token';
  const number = { path, authorization, ifMatch: undefined, body: { accountnumber: String(row?.customerNo) } };
  expect(dataverse.patches).toEqual([number]);

  sandbox.edit(row?.associateNo ?? 0, { addressLine1: 'Storgata 5', addressLine2: '' });
  await eventually(() => expect(dataverse.patches).toHaveLength(2));
  const address = { address1_line1: 'Storgata 5', address1_line2: null };
  expect(dataverse.patches[1]).toEqual({ path, authorization, ifMatch: ROW['@odata.etag'], body: address });
  await ledger.settled();
  expect(await ledger.failures()).toEqual([]);
});
