import { createHash, randomUUID } from 'node:crypto';
import { createAudit } from './audit/index.ts';
import { createCrmReader, createRefusals, type CrmApi, type WriteBackDeps } from './crm/index.ts';
import { createAssociates, type NxtAssociates, type OnVerdict } from './erp/index.ts';
import { Failure, isLimit } from './failure.ts';
import { createFlow, type Flow } from './flow/index.ts';
import type { Log } from './log.ts';
import { azurePorts, type Ports } from './ports.ts';
import { createPulse, type Pulse } from './pulse/index.ts';
import { createQueues, type Queues } from './queues/index.ts';
import { createReceipts } from './rights/index.ts';
import { createExpiries, createSecrets, type Expiry, type Secrets } from './secrets/index.ts';
import { readSettings, SettingsError, type Environment, type Settings } from './settings.ts';
import type { Source } from './sources/index.ts';
import { connectStorage } from './storage.ts';
import {
  createLedger,
  createRestrictions,
  createSuppressions,
  createTombstones,
  type Ledger,
  type Rows,
} from './store/index.ts';
import { createBrake, createHasher, createHashKey, createLastPoll, type SyncDeps } from './sync/index.ts';

/** Everything a function or a command acts through. */
export interface Engine {
  readonly settings: Settings;
  readonly storageName: string;
  readonly secrets: Secrets;
  /** When the vault's secrets expire; null without a vault, or when it does not say. */
  readonly expiries: () => Promise<readonly Expiry[] | null>;
  readonly ledger: Ledger;
  readonly queues: Queues;
  readonly erp: NxtAssociates;
  readonly control: Rows;
  /** What this process applied lately, for the console's charts. */
  readonly pulse: Pulse;
  /** The CRM whose webhooks come in. */
  readonly source: Source;
  /** How it is read and written; null where no API is set. */
  readonly crm: CrmApi | null;
  readonly sync: SyncDeps;
  readonly writeBack: WriteBackDeps;
  /** Until it once succeeded: are the columns and the defaults in the company's schema? If not, the flow stops. */
  readonly checkSetUp: () => Promise<void>;
}

/** Puts the program together. The one place where that is done: what differs between its users are the ports. */
export function createEngine(settings: Settings, ports: Ports): Engine {
  const { queues, now, random, log } = ports;
  const ledger = createLedger(ports.table('records'), now);
  const control = ports.table('control');
  const secrets = createSecrets({ settings, environment: ports.environment, now, vault: ports.vault });
  // What may have caused a stop that only a person ends: another value of it is a person's word.
  const settingsMark = createHash('sha256').update(settings.NXT_EXTERNAL_ID_COLUMN).digest('hex').slice(0, 8);
  const flow = createFlow({ name: 'erp', rows: control, now, settingsMark });
  const erp = createErp(settings, ports, secrets, (operation, failure, confirm) => {
    // Once per request: a batch that fails is one failure, not one per record.
    void watchErp(flow, operation, failure, confirm);
  });
  const pulse = createPulse({ rows: control, now, instance: randomUUID().slice(0, 8) });
  const key = createHashKey({ secrets, hasVault: settings.KEY_VAULT_URL !== undefined, control });
  const hash = createHasher(key);
  const { source } = ports;
  const crm = source.connect({
    token: () => secrets.get('crm-api-token'),
    forgetToken: () => secrets.refresh(),
    secret: (name) => secrets.get(name),
    gate: ports.crmGate,
    fetch: ports.crmFetch,
    now,
  });
  const crmFlow = createFlow({ name: 'crm', rows: control, now, settingsMark: '' });
  return {
    settings,
    storageName: ports.storageName,
    secrets,
    expiries: createExpiries({ url: settings.KEY_VAULT_URL, vault: ports.vault, now }),
    ledger,
    queues,
    erp,
    control,
    pulse,
    source,
    crm,
    checkSetUp: setUpCheck(erp, flow),
    sync: {
      settings,
      ledger,
      queues,
      erp,
      flow,
      crm: crm?.reading && createCrmReader(crm.reading, crmFlow, control, ports.clock),
      // What stands in the way of every change: the ERP, or the key without which nothing can be compared.
      async probe() {
        await key();
        await erp.probe();
      },
      hash,
      suppressions: createSuppressions({ rows: control, hash, now }),
      restrictions: createRestrictions(control, now),
      tombstones: createTombstones({ rows: control, hash, now }),
      receipts: createReceipts(control, now),
      canWriteField: (kind, field) => crm?.writeFields !== undefined && (crm.canWrite?.(kind, field) ?? true),
      mayWriteToCrm: createBrake({ name: 'crm-writes', rows: control, perHour: settings.CRM_WRITES_PER_HOUR, now }),
      lastPoll: createLastPoll(control),
      maySettle: createBrake({ name: 'settlings', rows: control, perHour: settings.CRM_WRITES_PER_HOUR, now }),
      mayDelete: createBrake({ name: 'deletes', rows: control, perHour: settings.DELETES_PER_HOUR, now }),
      audit: createAudit({ rows: ports.table('audit'), now }),
      onApplied: pulse.count,
      now,
      random,
      log,
    },
    writeBack: {
      ledger,
      queues,
      flow: crmFlow,
      crm: crm ?? NO_CRM,
      refusals: createRefusals(now),
      now,
      random,
    },
  };
}

/** Numbers that are owed since before the CRM's URL was taken away stay owed. */
const NO_CRM: Pick<CrmApi, 'writeNumbers'> = {
  async writeNumbers() {
    throw new Failure('settings.invalid', { detail: 'CRM_API_URL' });
  },
};

/** The engine on the storage, vault and services that the environment names. @throws SettingsError with every problem. */
export async function openEngine(environment: Environment, log?: Log): Promise<Engine> {
  const settings = readSettings(environment);
  return createEngine(settings, await azurePorts(environment, settings, log));
}

function createErp(
  settings: Settings,
  { associates, gate, clock, erpFetch, log }: Ports,
  secrets: Secrets,
  onVerdict: OnVerdict,
): NxtAssociates {
  if (associates) return associates(onVerdict);
  const credentials = async () => ({
    clientId: await secrets.get('visma-client-id'),
    clientSecret: await secrets.get('visma-client-secret'),
  });
  return createAssociates({
    settings,
    gate,
    clock,
    fetch: erpFetch,
    credentials,
    refreshCredentials: async () => {
      secrets.refresh();
      return credentials();
    },
    onRequest: (line) => log({ event: 'erp-request', ...line }),
    onVerdict,
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

async function watchErp(flow: Flow, ...[operation, failure, confirm]: Parameters<OnVerdict>): Promise<void> {
  if (failure === null) {
    flow.succeeded(operation);
    return;
  }
  if (isLimit(failure.code)) return;
  try {
    // When to look again is the flow's own to say.
    const { detail } = failure.details;
    await flow.report(new Failure(failure.code, detail === undefined ? {} : { detail }), operation, confirm);
  } catch {
    // Storage is away: the next request that fails reports again, and the record's own save says so too.
  }
}

let own: Promise<Engine | SettingsError> | null = null;

/** The process's own engine, made at the first call; wrong settings are an answer, so that functions can say so. */
export function ownEngine(): Promise<Engine | SettingsError> {
  own ??= openEngine(process.env).catch((error: unknown) => {
    if (error instanceof SettingsError) return error;
    own = null;
    throw error;
  });
  return own;
}

/** Stands in for the engine in functions that must hold their messages while the settings are wrong. */
export async function queuesWithoutSettings(environment: Environment): Promise<Queues> {
  return createQueues(await connectStorage(environment));
}
