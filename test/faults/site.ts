import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startAzurite, type Azurite } from '../../local/azurite.ts';
import { startNxtSandbox, type NxtSandbox } from '../../local/nxt/index.ts';
import { openEngine, type Engine } from '../../shared/engine.ts';
import { buildApp } from './app-build.ts';
import { startCrmApi, type CrmApi } from './crm.ts';
import { REFUSED_NAME } from './history.ts';
import { startHostProcess, type HostProcess } from './host-process.ts';

export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const DELETION_MARK = 'Slettet i CRM';

/** Short, so that a campaign ends in minutes; in the same proportions as the defaults. */
const SHORT_SETTINGS = {
  NXT_TIMEOUT_SECONDS: '2',
  NXT_DOUBT_SECONDS: '6',
  LEASE_SECONDS: '8',
  SWEEP_SECONDS: '2',
  NXT_REQUESTS_PER_MINUTE: '600',
  DELETES_PER_HOUR: '1000000',
  NXT_ON_CUSTOMER_DELETED: 'mark',
  NXT_CUSTOMER_DELETED_MARK: DELETION_MARK,
  HOST_MESSAGE_LEASE_SECONDS: '4',
} as const;

/** Everything a campaign runs against: processes of their own, but for the ERP and the CRM. */
export interface Site {
  readonly folder: string;
  readonly azurite: Azurite;
  readonly erp: NxtSandbox;
  readonly crm: CrmApi;
  readonly hosts: readonly HostProcess[];
  /** Reads what the hosts wrote; takes part in nothing. */
  readonly observer: Engine;
  stop(): Promise<void>;
}

export interface SiteOptions {
  readonly name: string;
  readonly hosts: number;
  readonly seed: number;
  readonly crmFails: () => boolean;
  readonly latencyMs: number | readonly [number, number];
  /** Of the hosts, beside those of every campaign. */
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startSite({
  name,
  hosts: count,
  seed,
  crmFails,
  latencyMs,
  settings,
}: SiteOptions): Promise<Site> {
  const folder = path.join(import.meta.dirname, '..', '..', '.local', 'faults', `${name}-${process.pid}`);
  const location = path.join(folder, 'azurite');
  await mkdir(location, { recursive: true });
  const [appDir, azurite, erp, crm] = await Promise.all([
    buildApp(path.join(folder, 'app')),
    startAzurite({ location }),
    startNxtSandbox({ requestsPerMinute: 100_000, seed, latencyMs }),
    startCrmApi(crmFails),
  ]);
  erp.faults.refuseRows((row) => row.name.includes(REFUSED_NAME));
  const environment = {
    ...SHORT_SETTINGS,
    AzureWebJobsStorage: azurite.connectionString,
    CRM_WEBHOOK_SECRET: WEBHOOK_SECRET,
    VISMA_CLIENT_ID: erp.clientId,
    VISMA_CLIENT_SECRET: 'sandbox-secret',
    VISMA_TOKEN_URL: erp.tokenUrl,
    NXT_GRAPHQL_URL: erp.graphqlUrl,
    NXT_COMPANY_NO: String(erp.companyNo),
    CRM_API_URL: crm.url,
    CRM_API_TOKEN: 'crm-token',
    ...settings,
  };
  const observer = await openEngine(environment, () => undefined);
  const hosts = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      startHostProcess({
        name: `host-${n + 1}`,
        environment: { ...environment, FAULTS_APP_DIR: appDir },
        logFile: path.join(folder, `host-${n + 1}.log`),
      }),
    ),
  );
  await Promise.all(hosts.map((host) => host.untilUp()));
  return {
    folder,
    azurite,
    erp,
    crm,
    hosts,
    observer,
    async stop() {
      await Promise.all(hosts.map((host) => host.stop()));
      await Promise.all([azurite.stop(), erp.stop(), crm.stop()]);
    },
  };
}
