import type { SecretClient } from '@azure/keyvault-secrets';
import {
  createStorageGate,
  systemClock,
  type Clock,
  type Gate,
  type NxtAssociates,
  type OnVerdict,
} from './erp/index.ts';
import { createLog, type Log } from './log.ts';
import { createQueues, type Queues } from './queues/index.ts';
import { openKeyVault } from './secrets/index.ts';
import type { Environment, Settings } from './settings.ts';
import { createSource, type Source } from './sources/index.ts';
import { TABLES } from './storage-names.ts';
import { connectStorage } from './storage.ts';
import { createRows, type Rows } from './store/index.ts';

/** Everything outside the process that the engine acts through. */
export interface Ports {
  /** Names the storage account: what was noted for one does not hold for another. */
  readonly storageName: string;
  readonly table: (name: keyof typeof TABLES) => Rows;
  readonly queues: Queues;
  /** Keeps the ERP's limits, for whoever shares them. */
  readonly gate: Gate;
  /** Secrets where there is no vault. */
  readonly environment: Environment;
  readonly vault: (url: string) => Promise<Pick<SecretClient, 'getSecret'>>;
  readonly erpFetch: typeof fetch;
  readonly crmFetch: typeof fetch;
  /** The CRM whose webhooks come in. */
  readonly source: Source;
  /** Keeps the CRM's limits, at so many requests a minute. */
  readonly crmGate: (requestsPerMinute: number) => Gate;
  /** The wall clock, milliseconds since 1970: times in rows are compared between instances. */
  readonly now: () => number;
  /** Of the ERP's client: waits, timeouts, the life of a token. */
  readonly clock: Clock;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
  readonly log: Log;
  /** In place of the ERP's own client: an ERP in memory. It tells of each request as the client would. */
  readonly associates?: (onVerdict: OnVerdict) => NxtAssociates;
}

/** The ports of a function app or of an operator's machine: the storage account and vault the settings point at. */
export async function azurePorts(
  environment: Environment,
  settings: Settings,
  log: Log = createLog(toConsole),
): Promise<Ports> {
  const storage = await connectStorage(environment);
  return {
    storageName: storage.table(TABLES.records).url,
    table: (name) => createRows(storage.table(TABLES[name])),
    queues: createQueues(storage),
    // The ERP's limits hold for all instances together.
    gate: createStorageGate({
      table: storage.table(TABLES.control),
      clock: systemClock,
      requestsPerMinute: settings.NXT_REQUESTS_PER_MINUTE,
      inProgress: settings.NXT_MAX_IN_PROGRESS,
      timeoutMs: settings.NXT_TIMEOUT_SECONDS * 1000,
    }),
    environment,
    vault: (url) => openKeyVault(url, settings.AZURE_CLIENT_ID),
    erpFetch: fetchNow,
    crmFetch: fetchNow,
    source: await createSource(settings),
    // Few at a time, so that the CRM's own users do not notice.
    crmGate: (requestsPerMinute) =>
      createStorageGate({
        table: storage.table(TABLES.control),
        at: { partitionKey: 'crm', rowKey: 'budget' },
        clock: systemClock,
        requestsPerMinute,
        inProgress: 5,
        timeoutMs: 15_000,
      }),
    now: Date.now,
    clock: systemClock,
    random: Math.random,
    log,
  };
}

/** Looked up at each call: whoever replaces `fetch` in the process, replaces it here too. */
export const fetchNow: typeof fetch = (...request) => fetch(...request);

function toConsole(text: string): void {
  process.stdout.write(`${text}\n`);
}
