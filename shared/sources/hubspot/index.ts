import { createCrmHttp, type CrmApi, type CrmApiDeps } from '../../crm/index.ts';
import { ROUTES, type AdapterSettings } from '../adapter-settings.ts';
import { readPropertyGate } from '../gate.ts';
import type { Source } from '../source.ts';
import { splitSecrets } from '../standard/standard-webhook.ts';
import { contactsOfCompany } from './associations.ts';
import { changedSince } from './changed-since.ts';
import { parseHubspot } from './parse.ts';
import { MOST_PER_READ, readRecords } from './read.ts';
import { setUp } from './set-up.ts';
import { verifyHubspot } from './signature.ts';
import { fieldWriter, numberWriter } from './write.ts';

/** Below the 100 in ten seconds of the smallest subscription. */
const REQUESTS_PER_MINUTE = 500;

/** HubSpot: signed arrays of thin events; companies and contacts are read by batch. */
export function hubspot(settings: AdapterSettings): Source {
  const targetUrl = `${(settings.PUBLIC_BASE_URL ?? '').replace(/\/+$/, '')}/api/webhooks/${ROUTES.hubspot}`;
  const own = [settings.HUBSPOT_CUSTOMER_NUMBER, settings.HUBSPOT_ACTOR_NUMBER, settings.HUBSPOT_SYNC_STATUS];
  return {
    adapter: 'hubspot',
    route: ROUTES.hubspot,
    acceptedStatus: 202,
    secretsIn: splitSecrets,
    secretProblem: () => null,
    verify: (request, secrets, now) => verifyHubspot(request, targetUrl, secrets, now),
    parse: async (json, _request, now) => parseHubspot(json, now, own),
    connect: (deps) => connect(settings, targetUrl, deps),
  };
}

function connect(settings: AdapterSettings, targetUrl: string, deps: CrmApiDeps): CrmApi {
  const base = (settings.CRM_API_URL ?? '').replace(/\/+$/, '');
  const gate = readPropertyGate(settings.CRM_SYNC_WHEN);
  const http = createCrmHttp({
    gate: deps.gate(settings.CRM_REQUESTS_PER_MINUTE ?? REQUESTS_PER_MINUTE),
    signIn: async () => ({ authorization: `Bearer ${await deps.token()}` }),
    forgetSignIn: deps.forgetToken,
    ...(deps.fetch && { fetch: deps.fetch }),
  });
  return {
    writeNumbers: numberWriter(http, base, settings),
    writeFields: fieldWriter(http, base, settings),
    setUp: () => setUp(http, base, settings, targetUrl),
    reading: {
      mostPerRead: MOST_PER_READ,
      isGated: gate !== null,
      read: (kind, ids) => readRecords({ http, base, settings, gate }, kind, ids),
      contactsOf: (company) => contactsOfCompany(http, base, company),
      changedSince: (kind, since) => changedSince(http, base, kind, since),
    },
  };
}
