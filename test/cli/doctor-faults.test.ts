import { RestError } from '@azure/data-tables';
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../cli/doctor/examine.ts';
import type { Check } from '../../cli/doctor/check.ts';
import type { Engine } from '../../shared/engine.ts';
import { Failure } from '../../shared/failure.ts';
import { startWorld, type World, type WorldOptions } from '../kit/world.ts';

/** Storage's own refusal: the role is missing. */
const refuse = () => Promise.reject(new RestError('forbidden', { statusCode: 403 }));
/** The vault has another text under this name, or none. */
const secretIs =
  (name: string, text: string | null) =>
  ({ engine: { secrets } }: World): Partial<Engine> => ({
    secrets: { ...secrets, find: async (asked) => (asked === name ? text : secrets.find(asked)) },
  });

let crm: Server;
let crmUrl: string;
let crmStatus = 200;
let world: World;

beforeAll(async () => {
  crm = createServer((_request, response) => response.writeHead(crmStatus).end());
  await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
  const address = crm.address();
  crmUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => new Promise((resolve) => crm.close(resolve)));
afterEach(() => world.stop());

/** In order in every respect that is looked at, but for what a fault changes. */
const HEALTHY = () => ({
  CRM_API_URL: crmUrl,
  CRM_API_TOKEN: 'token',
  HASH_KEY: Buffer.alloc(32, 7).toString('base64'),
  NXT_CUSTOMER_NUMBER_FROM: '10000',
  NXT_CUSTOMER_NUMBER_TO: '10009',
});

interface Fault {
  readonly fault: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly sandbox?: WorldOptions['sandbox'];
  readonly crm?: number;
  readonly plant?: (world: World) => Partial<Engine> | Promise<void> | undefined;
  /** Name of the one line that is red. */
  readonly red: string;
  readonly remedy: RegExp;
}

async function examined({ settings = {}, sandbox = {}, crm: status = 200, plant }: Partial<Fault>): Promise<Check[]> {
  crmStatus = status;
  world = await startWorld({ settings: { ...HEALTHY(), ...settings }, sandbox });
  const planted = await plant?.(world);
  const checks: Check[] = [];
  for await (const check of examine({ ...world.engine, ...planted })) checks.push(check);
  return checks;
}

const NOWHERE = 'http://127.0.0.1:1/';

const FAULTS: readonly Fault[] = [
  {
    fault: 'another client secret',
    plant({ sandbox }) {
      sandbox.rotateSecret('another');
      return undefined;
    },
    red: 'token',
    remedy: /visma-client-id/,
  },
  {
    fault: 'no client id',
    plant: secretIs('visma-client-id', null),
    red: 'secret visma-client-id',
    remedy: /set VISMA_CLIENT_ID/,
  },
  {
    fault: 'no client secret',
    plant: secretIs('visma-client-secret', null),
    red: 'secret visma-client-secret',
    remedy: /set VISMA_CLIENT_SECRET/,
  },
  {
    fault: 'no webhook secret',
    settings: { CRM_WEBHOOK_SECRET: '' },
    red: 'secret crm-webhook-secret',
    remedy: /set CRM_WEBHOOK_SECRET/,
  },
  {
    fault: 'a webhook secret of another form',
    settings: { CRM_WEBHOOK_SECRET: 'abc' },
    red: 'secret crm-webhook-secret',
    remedy: /correct CRM_WEBHOOK_SECRET/,
  },
  {
    fault: 'a hash key that is too short',
    plant: secretIs('hash-key', 'YWJj'),
    red: 'secret hash-key',
    remedy: /correct HASH_KEY/,
  },
  {
    fault: 'no CRM token',
    plant: secretIs('crm-api-token', null),
    red: 'secret crm-api-token',
    remedy: /set CRM_API_TOKEN/,
  },
  { fault: 'Visma Connect elsewhere', settings: { VISMA_TOKEN_URL: NOWHERE }, red: 'token', remedy: /VISMA_TOKEN_URL/ },
  { fault: 'the ERP elsewhere', settings: { NXT_GRAPHQL_URL: NOWHERE }, red: 'schema', remedy: /NXT_GRAPHQL_URL/ },
  { fault: 'another company', settings: { NXT_COMPANY_NO: '42' }, red: 'company 42', remedy: /NXT_COMPANY_NO|access/i },
  {
    fault: 'a customer default of no column',
    settings: { NXT_CUSTOMER_DEFAULTS: '{"NoSuch":1}' },
    red: 'schema',
    remedy: /setting in brackets/,
  },
  {
    fault: 'a contact default of no column',
    settings: { NXT_CONTACT_DEFAULTS: '{"NoSuch":1}' },
    red: 'schema',
    remedy: /setting in brackets/,
  },
  {
    fault: 'an id column that is not there',
    settings: { NXT_EXTERNAL_ID_COLUMN: 'noSuch' },
    red: 'schema',
    remedy: /setting in brackets/,
  },
  {
    fault: 'a contact column that is not there',
    settings: { NXT_CONTACT_FOR_COLUMN: 'noSuch' },
    red: 'schema',
    remedy: /setting in brackets/,
  },
  {
    fault: 'a schema without the contact column',
    sandbox: { leaveOut: ['contactForAssociateNo'] },
    red: 'schema',
    remedy: /setting in brackets/,
  },
  {
    fault: 'no customer number left',
    settings: { NXT_CUSTOMER_NUMBER_TO: '10000' },
    sandbox: { rows: [{ associateNo: 5, customerNo: 10_000, name: 'Port AS' }] },
    red: 'customer numbers',
    remedy: /NXT_CUSTOMER_NUMBER_TO/,
  },
  { fault: 'a CRM that refuses the token', crm: 401, red: 'CRM', remedy: /crm-api-token/ },
  { fault: 'a CRM that moved', crm: 302, red: 'CRM', remedy: /set CRM_API_URL/ },
  { fault: 'a CRM in trouble', crm: 503, red: 'CRM', remedy: /whoever runs the CRM/ },
  { fault: 'a CRM elsewhere', settings: { CRM_API_URL: NOWHERE }, red: 'CRM', remedy: /CRM_API_URL and the network/ },
  {
    fault: 'no role on the queues',
    plant: ({ engine: { sync } }) => ({ sync: { ...sync, queues: { ...sync.queues, depths: refuse } } }),
    red: 'storage: queues',
    remedy: /Storage Queue Data Contributor/,
  },
  {
    fault: 'no role on the tables',
    plant: ({ engine: { control } }) => ({ control: { ...control, get: refuse } }),
    red: 'storage: tables',
    remedy: /Storage Table Data Contributor/,
  },
  {
    fault: 'a secret that expires',
    plant: ({ sync }) => ({
      expiries: async () => [{ name: 'visma-client-secret', at: new Date(sync.now() + 86_400_000).toISOString() }],
    }),
    red: 'secret visma-client-secret',
    remedy: /put-secret\.sh/,
  },
  {
    fault: 'a sync that stopped for a person',
    plant: ({ sync }) => sync.flow.report(new Failure('token.invalid-client'), 'x').then(() => undefined),
    red: 'sync to the ERP',
    remedy: /mend the cause/,
  },
];

describe('doctor against the sandbox', () => {
  it('is all green where everything is in order', async () => {
    const checks = await examined({});
    expect(checks.filter(({ is }) => is === 'bad')).toEqual([]);
    expect(checks.filter(({ is }) => is === 'ok').length).toBeGreaterThan(10);
  });

  it.each(FAULTS)('names what mends $fault in one red line', async (fault) => {
    const checks = await examined(fault);
    const red = checks.filter(({ is }) => is === 'bad');
    expect(red.map(({ name }) => name)).toEqual([fault.red]);
    expect(red[0]?.todo).toMatch(fault.remedy);
  });
});
