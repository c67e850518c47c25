import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { systemClock, type Clock } from '../../../../shared/erp/index.ts';
import { receiveChanges, type HttpAnswer } from '../../../../shared/sources/index.ts';
import { acceptChanges } from '../../../../shared/sync/index.ts';
import { createLocalGate } from '../../../kit/local-gate.ts';
import { startWorld, type World } from '../../../kit/world.ts';
import { NUMBER_FIELDS, Pipedrive, type PipedriveEvent } from './pipedrive.ts';

const SECRET = 'pipe:hemmelig';
const TOKEN = 'pipedrive-token';

export interface PipedriveWorld extends World {
  readonly pipedrive: Pipedrive;
  /** One request for one event, as Pipedrive sends it. */
  post(event: PipedriveEvent): Promise<HttpAnswer>;
}

/** The ready mapping, with the numbers that docs/crm/mapped.md has added to it. */
function mapping(): string {
  const ready = JSON.parse(readFileSync('mappings/pipedrive.json', 'utf8')) as object;
  const body = (key: string, number: string) => `{ 'custom_fields': { '${key}': ${number} } }`;
  const { organization, person } = NUMBER_FIELDS;
  return JSON.stringify({
    ...ready,
    numbers: {
      headers: { 'x-api-token': '{token}' },
      customer: {
        method: 'PATCH',
        url: '/api/v2/organizations/{crmId}',
        body: body(organization, 'customerNumber'),
      },
      contact: { method: 'PATCH', url: '/api/v2/persons/{crmId}', body: body(person, 'actorNumber') },
    },
  });
}

export async function startPipedriveWorld(
  settings: Readonly<Record<string, string>> = {},
  requestsPerWindow = 1_000,
): Promise<PipedriveWorld> {
  let now = Date.now;
  let advance = (_ms: number): void => undefined;
  const pipedrive = new Pipedrive({ now: () => now(), token: TOKEN, requestsPerWindow });
  // Whoever waits for the CRM's limit moves the world's clock on.
  const clock: Clock = {
    ...systemClock,
    now: () => now(),
    async sleep(ms) {
      const until = now() + ms;
      await setImmediate();
      advance(Math.max(0, until - now()));
    },
  };
  const world = await startWorld({
    settings: {
      CRM_ADAPTER: 'mapped',
      CRM_MAPPING: mapping(),
      CRM_WEBHOOK_SECRET: SECRET,
      CRM_API_URL: 'https://example.pipedrive.com',
      CRM_API_TOKEN: TOKEN,
      ...settings,
    },
    crmFetch: pipedrive.fetch,
    crmGate: (requestsPerMinute) => createLocalGate({ requestsPerMinute, inProgress: 50, clock }),
  });
  now = () => world.now();
  advance = (ms) => world.advance(ms);
  const { source, secrets } = world.engine;
  const headers = new Map([
    ['authorization', `Basic ${Buffer.from(SECRET).toString('base64')}`],
    ['content-type', 'application/json'],
  ]);
  return {
    ...world,
    pipedrive,
    post: (event) =>
      receiveChanges(
        { source: 'crm', header: (name) => headers.get(name) ?? null, body: chunks(JSON.stringify(event)) },
        {
          source: async (route) => (route === source.route ? source : undefined),
          secrets: async () => source.secretsIn(await secrets.find('crm-webhook-secret')),
          accept: (changes) => acceptChanges(world.sync, changes, 'test'),
          now: () => new Date(world.now()),
        },
      ),
  };
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
