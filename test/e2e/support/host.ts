import path from 'node:path';
import { startChild, type Child } from '../../local/functions-host/child.ts';
import type { NxtSandbox } from '../../../local/nxt/index.ts';
import { SANDBOX_CLIENT_SECRET } from '../../../local/nxt/index.ts';
import { WEBHOOK_SECRET } from '../../kit/world.ts';

export type Environment = Readonly<Record<string, string>>;

/** Only what the contract asks for, and quicker looks at queues and entries than a deployment needs. */
export function settingsFor(storage: string, sandbox: NxtSandbox): Environment {
  return {
    AzureWebJobsStorage: storage,
    CRM_WEBHOOK_SECRET: WEBHOOK_SECRET,
    VISMA_CLIENT_ID: sandbox.clientId,
    VISMA_CLIENT_SECRET: SANDBOX_CLIENT_SECRET,
    VISMA_TOKEN_URL: sandbox.tokenUrl,
    NXT_GRAPHQL_URL: sandbox.graphqlUrl,
    NXT_COMPANY_NO: String(sandbox.companyNo),
    SWEEP_SECONDS: '2',
    AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:00.200',
  };
}

export interface Host extends Child {
  readonly webhookUrl: string;
  readonly healthUrl: string;
}

/** `npm run host`, in the clone. */
export async function startHost(folder: string, settings: Environment): Promise<Host> {
  const child = startChild(path.join(folder, 'local/host.ts'), { ...settings, PORT: '0' }, folder);
  const [, origin = ''] = await child.until(/^listening on (http:\/\/127\.0\.0\.1:\d+)$/m);
  return { ...child, webhookUrl: `${origin}/api/webhooks/crm`, healthUrl: `${origin}/api/health` };
}
