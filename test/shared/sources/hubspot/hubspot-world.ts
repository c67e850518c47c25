import { signedHeaders } from '../../../../local/crm/hubspot/webhooks.ts';
import { startHubspotSimulator, type HubspotSimulator } from '../../../../local/crm/hubspot/simulator.ts';
import type { HubspotEvent } from '../../../../local/crm/hubspot/store.ts';
import { receiveChanges, type HttpAnswer } from '../../../../shared/sources/index.ts';
import { acceptChanges } from '../../../../shared/sync/index.ts';
import { startWorld, type World } from '../../../kit/world.ts';

export const HUBSPOT_SECRET = 'hubspot-client-secret';
const BASE_URL = 'https://sync.example.no';

export interface HubspotWorld extends World {
  readonly hubspot: HubspotSimulator;
  /** Posts events as HubSpot does: signed, in one array. */
  post(events: readonly HubspotEvent[]): Promise<HttpAnswer>;
  /** Everything that HubSpot has to tell just now, told once. */
  tell(): Promise<HttpAnswer>;
  /** Tells and applies until nothing is left to do, and sends the numbers back. */
  settle(): Promise<void>;
}

export async function startHubspotWorld(
  settings: Readonly<Record<string, string>> = {},
  requestsPer10s = 10_000,
  crmFetch?: typeof fetch,
): Promise<HubspotWorld> {
  let now = Date.now;
  const hubspot = await startHubspotSimulator({ token: 'hubspot-token', now: () => now(), requestsPer10s });
  for (const type of ['companies', 'contacts'] as const) {
    for (const name of ['nxt_customer_number', 'nxt_actor_number', 'nxt_sync_status'])
      hubspot.store.properties[type].add(name);
  }
  const world = await startWorld({
    ...(crmFetch && { crmFetch }),
    settings: {
      CRM_ADAPTER: 'hubspot',
      PUBLIC_BASE_URL: BASE_URL,
      HUBSPOT_ORGANIZATION_NUMBER: 'orgnr',
      CRM_WEBHOOK_SECRET: HUBSPOT_SECRET,
      CRM_API_URL: hubspot.origin,
      CRM_API_TOKEN: 'hubspot-token',
      CRM_REQUESTS_PER_MINUTE: '60000',
      ...settings,
    },
  });
  now = () => world.now();

  const post = async (events: readonly HubspotEvent[]): Promise<HttpAnswer> => {
    const body = JSON.stringify(events);
    const url = `${BASE_URL}/api/webhooks/hubspot`;
    const headers = new Map(Object.entries(signedHeaders(url, body, HUBSPOT_SECRET, world.now())));
    const { source, secrets } = world.engine;
    return receiveChanges(
      { source: 'hubspot', header: (name) => headers.get(name) ?? null, body: chunks(body) },
      {
        source: async (route) => (route === source.route ? source : undefined),
        secrets: async () => source.secretsIn(await secrets.find('crm-webhook-secret')),
        accept: (changes) => acceptChanges(world.sync, changes, 'test'),
        now: () => new Date(world.now()),
      },
    );
  };
  const tell = (): Promise<HttpAnswer> => post(hubspot.takeEvents());
  return {
    ...world,
    hubspot,
    post,
    tell,
    async settle() {
      if (hubspot.events.length > 0) await tell();
      await world.drain();
      await world.payWriteBacks();
    },
    async stop() {
      await Promise.all([hubspot.stop(), world.stop()]);
    },
  };
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
