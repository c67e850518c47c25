import { startSuperofficeSimulator, type SuperofficeSimulator } from '../../../../local/crm/superoffice/simulator.ts';
import type { SuperofficeEvent } from '../../../../local/crm/superoffice/store.ts';
import { signedHeaders } from '../../../../local/crm/superoffice/webhooks.ts';
import { receiveChanges, type HttpAnswer } from '../../../../shared/sources/index.ts';
import { acceptChanges } from '../../../../shared/sync/index.ts';
import { startWorld, type World } from '../../../kit/world.ts';

export const SECRET = 'superoffice-hemmelighet';

export interface SuperofficeWorld extends World {
  readonly superoffice: SuperofficeSimulator;
  post(event: SuperofficeEvent, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** Tells everything and applies until nothing is left to do, and sends the numbers back. */
  settle(): Promise<void>;
}

export async function startSuperofficeWorld(
  settings: Readonly<Record<string, string>> = {},
  requestsPerMinute = 100_000,
  crmFetch?: typeof fetch,
): Promise<SuperofficeWorld> {
  let now = Date.now;
  const superoffice = await startSuperofficeSimulator({ token: 'so-token', now: () => now(), requestsPerMinute });
  const world = await startWorld({
    ...(crmFetch && { crmFetch }),
    settings: {
      CRM_ADAPTER: 'superoffice',
      PUBLIC_BASE_URL: 'https://sync.example.no',
      CRM_WEBHOOK_SECRET: SECRET,
      CRM_API_URL: superoffice.origin,
      CRM_API_TOKEN: 'so-token',
      SUPEROFFICE_ASSOCIATE_ID: '7',
      SUPEROFFICE_CUSTOMER_NUMBER: 'Number1',
      SUPEROFFICE_ACTOR_NUMBER: 'SuperOffice:7',
      SUPEROFFICE_PERSON_ACTOR_NUMBER: 'PersonNumber',
      ...settings,
    },
  });
  now = () => world.now();
  const { source, secrets } = world.engine;
  const post: SuperofficeWorld['post'] = (event, more) => {
    const body = JSON.stringify(event);
    const headers = new Map(Object.entries(more ?? signedHeaders(body, SECRET, event)));
    headers.set('content-type', 'application/json');
    return receiveChanges(
      { source: 'superoffice', header: (name) => headers.get(name) ?? null, body: chunks(body) },
      {
        source: async (route) => (route === source.route ? source : undefined),
        secrets: async () => source.secretsIn(await secrets.find('crm-webhook-secret')),
        accept: (changes) => acceptChanges(world.sync, changes, 'test'),
        now: () => new Date(world.now()),
      },
    );
  };
  return {
    ...world,
    superoffice,
    post,
    async settle() {
      for (let round = 0; round < 5 && superoffice.events.length > 0; round += 1) {
        for (const event of superoffice.takeEvents()) await post(event);
        await world.drain();
        await world.payWriteBacks();
      }
    },
    async stop() {
      await Promise.all([superoffice.stop(), world.stop()]);
    },
  };
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
