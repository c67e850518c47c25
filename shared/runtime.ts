import { createHash } from 'node:crypto';
import { createAudit } from './audit/index.ts';
import { createCrmClient, createRefusals, type WriteBackDeps } from './crm/index.ts';
import { Failure, isFailureCode, isLimit } from './failure.ts';
import { createFlow, type Flow } from './flow/index.ts';
import { createLedger, createRows, type Ledger, type Rows } from './store/index.ts';
import { createLog, type Log } from './log.ts';
import {
  createAssociates,
  createStorageGate,
  systemClock,
  type Gate,
  type NxtAssociates,
  type RequestLine,
} from './erp/index.ts';
import { createQueues, type Queues } from './queues/index.ts';
import { createSecrets, openKeyVault, type Secrets } from './secrets/index.ts';
import { readSettings, SettingsError, type Environment, type Settings } from './settings.ts';
import { TABLES } from './storage-names.ts';
import { connectStorage, type Storage } from './storage.ts';
import { createBrake, createHasher, createHashKey, type SyncDeps } from './sync/index.ts';

/** Everything a function or a command acts through, put together from the settings. */
export interface Runtime {
  readonly settings: Settings;
  readonly storage: Storage;
  readonly secrets: Secrets;
  readonly ledger: Ledger;
  readonly queues: Queues;
  readonly erp: NxtAssociates;
  readonly control: Rows;
  readonly sync: SyncDeps;
  readonly writeBack: WriteBackDeps;
  /** Until it once succeeded: are the columns and the defaults in the company's schema? If not, the flow stops. */
  readonly checkSetUp: () => Promise<void>;
}

/** @throws SettingsError with every problem. */
export async function createRuntime(
  environment: Environment,
  log: Log = createLog(toConsole),
  now: () => number = Date.now,
  ownGate?: Gate,
): Promise<Runtime> {
  const settings = readSettings(environment);
  const storage = await connectStorage(environment);
  const ledger = createLedger(createRows(storage.table(TABLES.records)), now);
  const control = createRows(storage.table(TABLES.control));
  const queues = createQueues(storage);
  const secrets = createSecrets({
    settings,
    environment,
    now,
    vault: (url) => openKeyVault(url, settings.AZURE_CLIENT_ID),
  });
  // What may have caused a stop that only a person ends: another value of it is a person's word.
  const settingsMark = createHash('sha256').update(settings.NXT_EXTERNAL_ID_COLUMN).digest('hex').slice(0, 8);
  const flow = createFlow({ name: 'erp', rows: control, now, settingsMark });
  const credentials = async () => ({
    clientId: await secrets.get('visma-client-id'),
    clientSecret: await secrets.get('visma-client-secret'),
  });
  const erp = createAssociates({
    settings,
    gate: ownGate ?? sharedGate(storage, settings),
    credentials,
    refreshCredentials: async () => {
      secrets.refresh();
      return credentials();
    },
    onRequest(line) {
      log({ event: 'erp-request', ...line });
      // Counted here, once per request: a batch that fails is one failure, not one per record.
      void watchErp(flow, line);
    },
  });
  const key = createHashKey({ secrets, hasVault: settings.KEY_VAULT_URL !== undefined, control });
  const crm = createCrmClient({
    url: settings.CRM_API_URL ?? '',
    token: () => secrets.get('crm-api-token'),
    forgetToken: () => secrets.refresh(),
  });
  return {
    checkSetUp: setUpCheck(erp, flow),
    settings,
    storage,
    secrets,
    ledger,
    queues,
    erp,
    control,
    sync: {
      settings,
      ledger,
      queues,
      erp,
      flow,
      // What stands in the way of every change: the ERP, or the key without which nothing can be compared.
      async probe() {
        await key();
        await erp.probe();
      },
      hash: createHasher(key),
      mayDelete: createBrake({ rows: control, perHour: settings.DELETES_PER_HOUR, now }),
      audit: createAudit({ rows: createRows(storage.table(TABLES.audit)), now }),
      now,
      random: Math.random,
      log,
    },
    writeBack: {
      ledger,
      queues,
      flow: createFlow({ name: 'crm', rows: control, now, settingsMark: '' }),
      crm,
      refusals: createRefusals(now),
      now,
      random: Math.random,
    },
  };
}

/** The ERP's limits hold for all instances together. */
function sharedGate(storage: Storage, settings: Settings): Gate {
  return createStorageGate({
    table: storage.table(TABLES.control),
    clock: systemClock,
    requestsPerMinute: settings.NXT_REQUESTS_PER_MINUTE,
    inProgress: settings.NXT_MAX_IN_PROGRESS,
    timeoutMs: settings.NXT_TIMEOUT_SECONDS * 1000,
  });
}

/** The first change should not be the one to find out; the first sweep is early enough. */
function setUpCheck(erp: NxtAssociates, flow: Flow): () => Promise<void> {
  let isChecked = false;
  return async () => {
    if (isChecked || (await flow.status()).is !== 'open') return;
    try {
      await erp.schema();
      isChecked = true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // An ERP that is away says nothing about the settings; the next sweep asks again.
      if (error.decision === 'configuration') await flow.report(error);
    }
  };
}

async function watchErp(flow: Flow, { operation, outcome }: RequestLine): Promise<void> {
  if (outcome === 'ok' || outcome === 'errors') {
    flow.succeeded(operation);
    return;
  }
  if (!isFailureCode(outcome) || isLimit(outcome)) return;
  try {
    await flow.report(new Failure(outcome), operation);
  } catch {
    // Storage is away: the next request that fails reports again, and the record's own save says so too.
  }
}

let shared: Promise<Runtime | SettingsError> | null = null;

/** The process's own runtime, made at the first call; wrong settings are an answer, so that functions can say so. */
export function runtime(): Promise<Runtime | SettingsError> {
  shared ??= createRuntime(process.env).catch((error: unknown) => {
    if (error instanceof SettingsError) return error;
    shared = null;
    throw error;
  });
  return shared;
}

/** Stands in for the runtime in functions that must hold their messages while the settings are wrong. */
export async function queuesWithoutSettings(environment: Environment): Promise<Queues> {
  return createQueues(await connectStorage(environment));
}

function toConsole(text: string): void {
  process.stdout.write(`${text}\n`);
}
