import { userInfo } from 'node:os';
import type { Environment } from '../../shared/settings.ts';
import { SANDBOX_CLIENT_SECRET, type NxtSandbox } from '../nxt/index.ts';
import type { Azurite } from '../azurite.ts';

/** Signs what is sent to `npm start`. Public, so worth nothing: it opens only a sandbox on 127.0.0.1. */
export const LOCAL_WEBHOOK_SECRET = 'whsec_bG9jYWwtc2VjcmV0LWZvci1ucG0tc3RhcnQtb25seQ==';

/** What the CRM simulator asks for; as public as the secret above. */
export const LOCAL_CRM_TOKEN = 'local-crm-token';

/** Signs the sandbox's TableChange webhooks; as public as the secrets above. */
export const LOCAL_NXT_WEBHOOK_KEY = 'local-nxt-webhook-key';

export interface Neighbours {
  readonly azurite: Pick<Azurite, 'connectionString'>;
  readonly sandbox: Pick<NxtSandbox, 'graphqlUrl' | 'tokenUrl' | 'companyNo' | 'clientId'>;
  readonly crm: { readonly origin: string; readonly settings: Readonly<Record<string, string>> };
}

/**
 * The settings of `npm start`. Whatever names a system, an account or a secret is set here or taken away, so that a
 * shell that holds the settings of a real company cannot reach it; policies such as NXT_FIRST_LINK may be given.
 */
export function localEnvironment(given: Environment, neighbours: Neighbours): Environment {
  const storage = Object.keys(given).filter((name) => name.startsWith('AzureWebJobsStorage__'));
  return {
    ...given,
    ...Object.fromEntries(storage.map((name) => [name, undefined])),
    KEY_VAULT_URL: undefined,
    AZURE_CLIENT_ID: undefined,
    HASH_KEY: undefined,
    VISMA_SCOPE: undefined,
    VISMA_TENANT_ID: undefined,
    CRM_MAPPING: undefined,
    PUBLIC_BASE_URL: undefined,
    SUPEROFFICE_CONTEXT_ID: undefined,
    ...localSettings(neighbours),
    // The console is open to whoever sits at this machine, as an operator.
    HOST_SIGN_IN: given['HOST_SIGN_IN'] ?? userName(),
    // A person is watching: look for messages more often than a deployment does.
    AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:00.200',
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
}

/** What a program beside `npm start` needs to work on the same sandbox. */
export const localSettings = ({ azurite, sandbox, crm }: Neighbours): Readonly<Record<string, string>> => ({
  AzureWebJobsStorage: azurite.connectionString,
  CRM_WEBHOOK_SECRET: LOCAL_WEBHOOK_SECRET,
  VISMA_CLIENT_ID: sandbox.clientId,
  VISMA_CLIENT_SECRET: SANDBOX_CLIENT_SECRET,
  VISMA_TOKEN_URL: sandbox.tokenUrl,
  NXT_GRAPHQL_URL: sandbox.graphqlUrl,
  NXT_COMPANY_NO: String(sandbox.companyNo),
  NXT_WEBHOOK_KEY: LOCAL_NXT_WEBHOOK_KEY,
  CRM_API_URL: crm.origin,
  CRM_API_TOKEN: LOCAL_CRM_TOKEN,
  ...crm.settings,
});
