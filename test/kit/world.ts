import { startNxtSandbox, type NxtSandbox, type SandboxOptions } from '../../local/nxt/index.ts';
import { parseChanges, type CrmId, type Kind, type RecordRef } from '../../shared/record/index.ts';
import { isOpen, type FailedRow, type PendingRow, type StateRow } from '../../shared/store/index.ts';
import { writeBack } from '../../shared/crm/index.ts';
import { createEngine, type Engine } from '../../shared/engine.ts';
import { fetchNow, type Ports } from '../../shared/ports.ts';
import { createLog } from '../../shared/log.ts';
import { readSettings } from '../../shared/settings.ts';
import { createSource } from '../../shared/sources/index.ts';
import type { Storage } from '../../shared/storage.ts';
import { QUEUES } from '../../shared/storage-names.ts';
import { acceptChanges, applyChange, type Applied, type SyncDeps } from '../../shared/sync/index.ts';
import { azuritePlace, memoryPlace } from './place.ts';
import { memoryPorts } from './ports.ts';
import type { WrittenBack } from '../../shared/crm/write-back.ts';
import type { Accepted } from '../../shared/sync/intake/intake.ts';
import { listFailures } from '../../shared/sync/operate/failures.ts';

const ref = (kind: Kind, crmId: string): RecordRef => ({ kind, crmId: crmId as CrmId });
export const customer = (crmId: string): RecordRef => ref('customer', crmId);
export const contact = (crmId: string): RecordRef => ref('contact', crmId);

/** A valid webhook secret, for tests only. */
export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** When a world begins: after the events of `events.ts`. */
const START = Date.UTC(2026, 10, 21, 8);

export interface WorldOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly sandbox?: SandboxOptions;
  /** Where rows and messages lie; default: in memory. Another process needs Azurite to see them. */
  readonly storage?: 'memory' | 'azurite';
  /** In place of a CRM behind CRM_API_URL. */
  readonly crmFetch?: typeof fetch;
  /** In place of a CRM's gate that waits in real time. */
  readonly crmGate?: Ports['crmGate'];
}

/** The program on a storage account of its own, with a sandbox of the ERP; its clock stands still unless the test moves it. */
export interface World {
  readonly sandbox: NxtSandbox;
  readonly environment: Readonly<Record<string, string>>;
  readonly engine: Engine;
  readonly sync: SyncDeps;
  /** Wide lines, in order. */
  readonly lines: readonly string[];
  /** Requests to the ERP and the CRM as a proxy's log would have them: method, address, headers. */
  readonly addresses: readonly string[];
  now(): number;
  advance(milliseconds: number): void;
  /** Takes change events as the webhook would, after its signature; a millisecond later than what was before. */
  send(...events: readonly object[]): Promise<readonly Accepted[]>;
  /** One attempt at one record, as a queue message would cause it. */
  apply(ref: RecordRef): Promise<Applied>;
  /** Attempts at every open record, the clock moving on to the next that is due, until there is none. */
  drain(): Promise<void>;
  pending(): Promise<readonly PendingRow[]>;
  state(ref: RecordRef): Promise<StateRow | undefined>;
  failures(): Promise<readonly FailedRow[]>;
  /** Another process on the same storage, with other settings if need be. */
  instance(settings?: Readonly<Record<string, string>>): Promise<SyncDeps>;
  /** Another process, whose ports are not the usual ones. */
  process(change: (usual: Ports) => Ports): Engine;
  /** Messages of a queue as text, hidden ones left out. */
  messages(queue: keyof typeof QUEUES): Promise<readonly string[]>;
  /** Every message of every queue as text, hidden ones too; on Azurite the visible ones. */
  everyMessage(): Promise<readonly string[]>;
  /** Somebody deletes all messages of a queue. */
  clear(queue: keyof typeof QUEUES): Promise<void>;
  /** The storage account itself; only on Azurite. */
  azurite(): Storage;
  /** Every row of every table. */
  rows(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Writes back what is owed and due, as messages would cause it. */
  payWriteBacks(): Promise<readonly WrittenBack[]>;
  stop(): Promise<void>;
}

/** Notes what anybody on the way of a request may see, and what is in its headers; its body is the other side's. */
function noting(addresses: string[], send: typeof fetch): typeof fetch {
  return (input, init) => {
    const { method, url, headers } = new Request(input, init);
    addresses.push(`${method} ${url} ${JSON.stringify([...headers])}`);
    return send(input, init);
  };
}

export async function startWorld({
  settings = {},
  sandbox: options = {},
  storage: where = 'memory',
  crmFetch = fetchNow,
  crmGate,
}: WorldOptions = {}): Promise<World> {
  let time = START;
  const now = () => time;
  const [sandbox, place] = await Promise.all([
    startNxtSandbox(options),
    where === 'memory' ? memoryPlace(now) : azuritePlace(),
  ]);
  const environment = {
    AzureWebJobsStorage: place.connectionString,
    CRM_WEBHOOK_SECRET: WEBHOOK_SECRET,
    VISMA_CLIENT_ID: sandbox.clientId,
    VISMA_CLIENT_SECRET: 'sandbox-secret',
    VISMA_TOKEN_URL: sandbox.tokenUrl,
    NXT_GRAPHQL_URL: sandbox.graphqlUrl,
    NXT_COMPANY_NO: String(sandbox.companyNo),
    // A request of its own, and the first to meet a fault: who tests it asks for it.
    NXT_POLL_MINUTES: '0',
    ...settings,
  };
  const lines: string[] = [];
  const addresses: string[] = [];
  const source = await createSource(readSettings(environment));
  const start = (given: Readonly<Record<string, string>>, change = (usual: Ports): Ports => usual): Engine => {
    const log = createLog((text) => lines.push(text));
    const read = readSettings(given);
    const fetches = { erpFetch: noting(addresses, fetchNow), crmFetch: noting(addresses, crmFetch) };
    const ports = memoryPorts(given, { ...place.ports(), source, now, log, ...fetches, ...(crmGate && { crmGate }) });
    return createEngine(read, change(ports));
  };
  const engine = start(environment);
  const { sync } = engine;

  const pending = async (): Promise<readonly PendingRow[]> => {
    const rows: PendingRow[] = [];
    for (const shard of sync.ledger.shards) {
      for await (const listed of sync.ledger.list(shard, ['pending'])) {
        if (listed.is === 'pending' && isOpen(listed.row)) rows.push(listed.row);
      }
    }
    return rows;
  };

  return {
    sandbox,
    environment,
    engine,
    sync,
    lines,
    addresses,
    now,
    advance(milliseconds) {
      time += milliseconds;
    },
    async send(...events) {
      const parsed = parseChanges(events, new Date(now()));
      if (!parsed.ok) throw new Error(`bad event: ${JSON.stringify(parsed)}`);
      const accepted: Accepted[] = [];
      time += 1;
      for (const change of parsed.changes) accepted.push(...(await acceptChanges(sync, [change], 'test')));
      return accepted;
    },
    apply: (record) => applyChange(sync, record),
    async drain() {
      for (let rounds = 0; rounds < 200; rounds += 1) {
        const rows = await pending();
        if (rows.length === 0) return;
        const due = rows.filter((row) => row.notBefore === '' || Date.parse(row.notBefore) <= now());
        if (due.length === 0) time = Math.min(...rows.map((row) => Date.parse(row.notBefore))) + 1;
        const outcomes = await Promise.all(due.map((row) => applyChange(sync, row.ref)));
        // Nobody moves: what is waited for needs time, at most until the next row is due.
        if (due.length > 0 && outcomes.every(({ outcome }) => ['waiting', 'held', 'left', 'early'].includes(outcome))) {
          time += 1_000;
        }
      }
      throw new Error(`still pending: ${(await pending()).map((row) => JSON.stringify(row.ref)).join(' ')}`);
    },
    pending,
    state: async (record) => (await sync.ledger.readState(record))?.row,
    failures: () => listFailures(sync),
    instance: async (more = {}) => start({ ...environment, ...more }).sync,
    process: (change) => start(environment, change),
    messages: (queue) => place.messages(QUEUES[queue]),
    everyMessage: async () => (await Promise.all(Object.values(QUEUES).map((name) => place.everyMessage(name)))).flat(),
    clear: (queue) => place.clear(QUEUES[queue]),
    azurite() {
      if (!place.azurite) throw new Error("this world is in memory: start it with storage: 'azurite'");
      return place.azurite;
    },
    rows: () => place.rows(),
    async payWriteBacks() {
      const owed: RecordRef[] = [];
      for (const shard of sync.ledger.shards) {
        for await (const listed of sync.ledger.list(shard, ['outbox'])) {
          if (listed.is === 'outbox' && listed.row.what === 'writeback') owed.push(listed.row.ref);
        }
      }
      return Promise.all(owed.map((record) => writeBack(engine.writeBack, record)));
    },
    stop: () => sandbox.stop(),
  };
}
