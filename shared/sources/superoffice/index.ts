import { createCrmHttp, type CrmApi, type CrmApiDeps, type SetUpStep } from '../../crm/index.ts';
import { ROUTES, type AdapterSettings } from '../adapter-settings.ts';
import { readPropertyGate } from '../gate.ts';
import { splitSecrets } from '../standard/standard-webhook.ts';
import type { Source } from '../source.ts';
import { parseSuperoffice } from './parse.ts';
import { changedSince, MOST_PER_READ, personsOf, readRecords } from './read.ts';
import { createSignIn } from './sign-in.ts';
import { verifySuperoffice } from './signature.ts';
import { setUpWebhook, watchWebhook } from './webhook.ts';
import { fieldWriter } from './write-fields.ts';
import { numberWriter } from './write.ts';

const REQUESTS_PER_MINUTE = 300;

/** SuperOffice: one signed notification a request; companies (`contact`) and people (`person`) are read by REST. */
export function superoffice(settings: AdapterSettings): Source {
  const expected = { context: settings.SUPEROFFICE_CONTEXT_ID, associate: settings.SUPEROFFICE_ASSOCIATE_ID };
  return {
    adapter: 'superoffice',
    route: ROUTES.superoffice,
    acceptedStatus: 200,
    secretsIn: splitSecrets,
    secretProblem: () => null,
    verify: verifySuperoffice,
    parse: async (json, _request, now) => parseSuperoffice(json, now, expected),
    connect: (deps) => connect(settings, deps),
  };
}

function connect(settings: AdapterSettings, deps: CrmApiDeps): CrmApi {
  const base = (settings.CRM_API_URL ?? '').replace(/\/+$/, '').replace(/\/api(?:\/v1)?$/i, '');
  const gate = readPropertyGate(settings.CRM_SYNC_WHEN);
  const signIn = createSignIn(settings, deps);
  const http = createCrmHttp({
    gate: deps.gate(settings.CRM_REQUESTS_PER_MINUTE ?? REQUESTS_PER_MINUTE),
    signIn: () => signIn.headers(),
    forgetSignIn: () => signIn.forget(),
    ...(deps.fetch && { fetch: deps.fetch }),
  });
  const { PUBLIC_BASE_URL: own } = settings;
  const targetUrl = own === undefined ? null : `${own.replace(/\/+$/, '')}/api/webhooks/${ROUTES.superoffice}`;
  return {
    writeNumbers: numberWriter(http, base, settings),
    writeFields: fieldWriter(http, base),
    async setUp() {
      if (targetUrl === null) return [NO_ADDRESS];
      const [secret = ''] = splitSecrets(await deps.secret('crm-webhook-secret'));
      return [...(await setUpWebhook(http, base, targetUrl, secret)), ...fields(settings)];
    },
    reading: {
      mostPerRead: MOST_PER_READ,
      isGated: gate !== null,
      read: (kind, ids) => readRecords(http, base, kind, ids, gate),
      contactsOf: (company) => personsOf(http, base, company),
      changedSince: (kind, since) => changedSince(http, base, kind, since),
      watch: async () => (targetUrl === null ? null : watchWebhook(http, base, targetUrl)),
    },
  };
}

const NO_ADDRESS: SetUpStep = { is: 'failed', what: 'PUBLIC_BASE_URL is not set: the webhook has no address' };

const fields = (settings: AdapterSettings): readonly SetUpStep[] =>
  (['SUPEROFFICE_CUSTOMER_NUMBER', 'SUPEROFFICE_ACTOR_NUMBER', 'SUPEROFFICE_PERSON_ACTOR_NUMBER'] as const)
    .filter((name) => settings[name] === undefined)
    .map((name): SetUpStep => ({
      is: 'by-hand',
      what: `${name} is not set: this number is not written to SuperOffice`,
    }));
