import { setTimeout as delay } from 'node:timers/promises';
import { parseChanges, type Change } from '../../../shared/record/index.ts';
import type { Log } from '../../../shared/log.ts';
import { systemClock, type Clock } from '../../../shared/erp/index.ts';
import { createEngine, openEngine, type Engine } from '../../../shared/engine.ts';
import { readSettings } from '../../../shared/settings.ts';
import { acceptChanges, applyChange, comesAgain, type SyncDeps } from '../../../shared/sync/index.ts';
import type { MemoryQueues } from '../../kit/memory-queues.ts';
import { MemoryStorage } from '../../kit/memory-storage.ts';
import { memoryPorts } from '../../kit/ports.ts';
import { createLocalGate } from '../../kit/local-gate.ts';

/** Where an ERP answers; both a sandbox in this process and one of its own fit. */
export interface ErpAddress {
  readonly graphqlUrl: string;
  readonly tokenUrl: string;
  readonly companyNo: number;
  readonly clientId: string;
}

/** A valid webhook secret, for benchmarks and tests only. */
export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export const environmentFor = (
  erp: ErpAddress,
  storage: string,
  settings: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => ({
  AzureWebJobsStorage: storage,
  CRM_WEBHOOK_SECRET: WEBHOOK_SECRET,
  VISMA_CLIENT_ID: erp.clientId,
  VISMA_CLIENT_SECRET: 'sandbox-secret',
  VISMA_TOKEN_URL: erp.tokenUrl,
  NXT_GRAPHQL_URL: erp.graphqlUrl,
  NXT_COMPANY_NO: String(erp.companyNo),
  HASH_KEY: Buffer.alloc(32, 7).toString('base64'),
  ...settings,
});

export interface MemoryEngineOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly now?: () => number;
  readonly log?: Log;
  /** Of the ERP client: batch windows and limits. */
  readonly clock?: Clock;
}

/** The engine on storage in memory, with the real ERP client, which keeps the limits within this process. */
export function memoryEngine(
  erp: ErpAddress,
  { settings: given, now = Date.now, log = () => undefined, clock = systemClock }: MemoryEngineOptions = {},
): SyncDeps & { readonly messages: MemoryQueues } {
  const environment = environmentFor(erp, 'UseDevelopmentStorage=true', given);
  const settings = readSettings(environment);
  const gate = createLocalGate({
    requestsPerMinute: settings.NXT_REQUESTS_PER_MINUTE,
    inProgress: settings.NXT_MAX_IN_PROGRESS,
    clock,
  });
  const storage = new MemoryStorage(now);
  const { sync } = createEngine(
    settings,
    memoryPorts(environment, { ...storage.ports(), now, clock, gate, log: withoutRequests(log) }),
  );
  return { ...sync, messages: storage.queues };
}

/** The guards read what the sync says, not each request. */
const withoutRequests =
  (log: Log): Log =>
  (line) => {
    if (line.event !== 'erp-request') log(line);
  };

/** The engine on real storage, as a function uses it. */
export const storageEngine = (
  erp: ErpAddress,
  storage: string,
  settings: Readonly<Record<string, string>> = {},
  log: Log = () => undefined,
): Promise<Engine> => openEngine(environmentFor(erp, storage, settings), log);

export function changesOf(events: readonly object[]): readonly Change[] {
  return events.map((event) => {
    const parsed = parseChanges(event, new Date());
    const [change] = parsed.ok ? parsed.changes : [];
    if (change === undefined) throw new Error('a bad event in the benchmark');
    return change;
  });
}

/** Works on everything with so many at a time, as the queue trigger does. */
export async function inFlight<Item>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: most }, worker));
}

export interface Drained {
  /** The last outcome of each record. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** From the first apply to the last. */
  readonly ms: number;
}

/** Takes the events in as the webhook would, and applies each record, with so many in flight, until none comes again. */
export async function drain(deps: SyncDeps, events: readonly object[], most = 48): Promise<Drained> {
  const changes = changesOf(events);
  await inFlight(changes, most, (change) => acceptChanges(deps, [change], 'bench'));
  const began = performance.now();
  const outcomes = await applyAll(deps, changes, most);
  return { outcomes, ms: performance.now() - began };
}

async function applyAll(
  deps: SyncDeps,
  changes: readonly Pick<Change, 'ref'>[],
  most = 48,
): Promise<Readonly<Record<string, number>>> {
  const outcomes: Record<string, number> = {};
  await inFlight(changes, most, async ({ ref }) => {
    let { outcome } = await applyChange(deps, ref);
    for (let tries = 0; comesAgain(outcome) && tries < 300; tries += 1) {
      await delay(200);
      ({ outcome } = await applyChange(deps, ref));
    }
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  });
  return outcomes;
}
