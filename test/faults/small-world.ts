import { parseChanges, type AssociateNo, type Change, type RecordRef } from '../../shared/record/index.ts';
import { writeBack } from '../../shared/crm/index.ts';
import { createEngine, type Engine } from '../../shared/engine.ts';
import { systemClock } from '../../shared/erp/index.ts';
import { Failure } from '../../shared/failure.ts';
import { LimitError } from '../../shared/limit.ts';
import { toMessage } from '../../shared/queues/index.ts';
import type { Rows } from '../../shared/store/index.ts';
import { readSettings, type Settings } from '../../shared/settings.ts';
import { isStorageFault } from '../../shared/storage.ts';
import { QUEUES } from '../../shared/storage-names.ts';
import { acceptChanges, applyChange, sweep, takeHints, writeFields, type SyncDeps } from '../../shared/sync/index.ts';
import type { EndState, ErpRow } from './end-state.ts';
import { readLedger } from './end-state.ts';
import type { SeededRandom } from './seeded-random.ts';
import { MemoryStorage } from '../kit/memory-storage.ts';
import type { Message, MemoryQueues } from '../kit/memory-queues.ts';
import type { Travel } from '../kit/memory-table.ts';
import { memoryPorts } from '../kit/ports.ts';
import { Killed, killableErp, killableQueues, killableRows, Life } from './killable.ts';
import { MemoryCrm } from './memory-crm.ts';
import { MemoryErp } from './memory-erp.ts';
import { VirtualTime } from './virtual-time.ts';

/** What of an event is sent. */
type Sent = { readonly json: object };

/** Takes a guard out of what an engine acts through. */
export type Mutant = (deps: SyncDeps) => SyncDeps;

export interface SmallWorldOptions {
  readonly random: SeededRandom;
  readonly engines: number;
  readonly settings?: Readonly<Record<string, string>>;
  readonly mutant?: Mutant;
  /** A CRM whose fields and numbers can be written; whether its events have versions. */
  readonly crm?: { readonly hasVersions: boolean };
  /** Milliseconds since 1970. */
  readonly startAt?: number;
  /** At which effect each life ends, in the order the engines are started; none: it lives on. */
  readonly kills?: readonly number[];
}

const MESSAGE_LEASE_S = 600;
const RETRY_S = 30;
const SWEEP_MS = 60_000;
const BATCH = 16;
const IDLE_MS = 2_000;
/** As long as `createStorageCall` waits for answers that do not come. */
const LONGEST_STORAGE_CALL_MS = 15_000;
const STORAGE_FAULTS = ['refused', 'swallowed', 'unanswered'] as const;
/** As in host.json. */
const MOST_DEQUEUES = 5;
/** As in `functions/handlers/messages.ts`. */
const HOLD_S = 60;

/**
 * Several engines on one storage and one ERP, all in memory and in virtual time: hours pass in milliseconds, every
 * interleaving can happen, and the same seed gives the same run again.
 */
export class SmallWorld {
  readonly time: VirtualTime;
  readonly erp: MemoryErp;
  readonly crm: MemoryCrm;
  readonly #storage: MemoryStorage;
  readonly #options: SmallWorldOptions;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #settings: Settings;
  #kills: readonly number[];
  #lives: Life[] = [];
  #stopped = false;
  deaths = 0;
  /** Storage is away: requests are refused, swallowed, or done without an answer. */
  storageIsAway = false;
  readonly lines: string[] = [];

  constructor(options: SmallWorldOptions) {
    this.#options = options;
    this.time = new VirtualTime(options.random, options.startAt);
    this.erp = new MemoryErp(this.time, options.random);
    this.crm = new MemoryCrm(this.time, options.random, options.crm?.hasVersions ?? true);
    this.#storage = new MemoryStorage(this.time.now);
    this.#kills = options.kills ?? [];
    this.#environment = {
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      VISMA_CLIENT_ID: 'x',
      VISMA_CLIENT_SECRET: 'x',
      CRM_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      NXT_COMPANY_NO: '1',
      HASH_KEY: Buffer.alloc(32, 7).toString('base64'),
      DELETES_PER_HOUR: '1000000',
      NXT_ON_CUSTOMER_DELETED: 'mark',
      ...(options.crm && { CRM_API_URL: MemoryCrm.url, CRM_API_TOKEN: 'token' }),
      ...options.settings,
    };
    this.#settings = readSettings(this.#environment);
    for (let n = 0; n < options.engines; n += 1) this.start();
  }

  get queues(): MemoryQueues {
    return this.#storage.queues;
  }

  /** Every row and message as text, for a search. */
  raw(): string {
    const rows = Object.values(this.#storage.tables).flatMap((table) => [...table.entities()]);
    return JSON.stringify([rows, Object.values(QUEUES).map((name) => this.queues.of(name))]);
  }

  /** What an operator acts through, in a process of their own. */
  operator(): { readonly deps: SyncDeps; readonly control: Rows } {
    const control = this.#storage.tables.control.rows(async (work) => {
      await this.time.hop();
      return work();
    });
    return { deps: this.deps(), control };
  }

  /** What one process acts through. */
  deps(life = new Life()): SyncDeps {
    return this.#engine(life).sync;
  }

  #engine(life: Life): Pick<Engine, 'sync' | 'writeBack'> {
    const { random, mutant = (deps: SyncDeps) => deps } = this.#options;
    const { now } = this.time;
    /** Every operation takes its time on the way there and back. */
    const travel: Travel = async (work) => {
      await this.time.hop();
      const fault = this.storageIsAway ? random.pick(STORAGE_FAULTS) : null;
      if (fault === 'refused') throw new LimitError('storage is away');
      if (fault === 'swallowed') return this.#neverAnswered();
      const result = work();
      if (fault === 'unanswered') return this.#neverAnswered();
      await this.time.hop();
      return result;
    };
    const storage = this.#storage.ports(travel);
    const { sync, writeBack: writeBackDeps } = createEngine(
      this.#settings,
      memoryPorts(this.#environment, {
        table: (name) => killableRows(storage.table(name), life),
        queues: killableQueues(storage.queues, life),
        associates: (onVerdict) =>
          killableErp(
            this.erp.client((failure) => onVerdict('', failure)),
            life,
          ),
        crmFetch: (...request) => life.effect(() => this.crm.fetch(...request)),
        now,
        clock: { ...systemClock, now },
        random: () => random.next(),
        log: (line) => this.note(line),
      }),
    );
    return { sync: mutant(sync), writeBack: writeBackDeps };
  }

  async #neverAnswered(): Promise<never> {
    await this.time.sleep(this.#options.random.below(LONGEST_STORAGE_CALL_MS));
    throw new LimitError('storage is away');
  }

  /** Sends events as the CRM does: until they are taken. */
  send(events: readonly Sent[]): Promise<void> {
    return this.#untilTaken((deps) => acceptChanges(deps, this.#parse(events), 'trace'));
  }

  /** Says that rows of the ERP changed, as Visma does. */
  hint(rows: readonly AssociateNo[]): Promise<void> {
    return this.#untilTaken((deps) => takeHints(deps, rows));
  }

  async #untilTaken(take: (deps: SyncDeps) => Promise<unknown>): Promise<void> {
    for (;;) {
      const [life] = this.#lives;
      if (life && !life.isOver) {
        try {
          await take(this.deps(life));
          return;
        } catch (error) {
          if (!(error instanceof Killed) && !(error instanceof Failure) && !isStorageFault(error)) throw error;
        }
      }
      await this.time.sleep(1_000);
    }
  }

  /** Takes events in a process that does nothing else. */
  async accept(events: readonly Sent[]): Promise<void> {
    await acceptChanges(this.deps(), this.#parse(events), 'trace');
  }

  #parse(events: readonly Sent[]): readonly Change[] {
    const parsed = parseChanges(
      events.map(({ json }) => json),
      new Date(this.time.now()),
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed));
    return parsed.changes;
  }

  /** From here on the lives end after so many more effects; those that are started, too. */
  arm(kills: readonly number[]): void {
    const [first = 0, ...rest] = kills;
    this.#kills = rest;
    this.#lives[0]?.arm(first);
  }

  /** From here on nobody dies. */
  spare(): void {
    this.#kills = [];
    for (const life of this.#lives) life.spare();
  }

  /** What was done to records, for a person who looks for the mistake. */
  trace(): string {
    return this.lines.filter((line) => !line.includes('"heartbeat"')).join('\n');
  }

  stop(): void {
    this.#stopped = true;
  }

  async endState(): Promise<EndState> {
    const reading = readLedger(this.deps().ledger);
    let end: Awaited<typeof reading> | null = null;
    void reading.then((read) => (end = read));
    await this.time.pass(60_000, () => end !== null);
    return {
      ...(await reading),
      rows: [...this.erp.rows.values()].map(toErpRow),
      poison: this.queues.of(QUEUES.changesPoison).map(({ text }) => text),
      numbers: null,
    };
  }

  /** One more engine. */
  start(): void {
    const [endsAt = 0, ...rest] = this.#kills;
    this.#kills = rest;
    const life = new Life(endsAt, endsAt % 2 === 0 ? 'before' : 'after', endsAt % 3 === 0);
    const engine = this.#engine(life);
    this.#lives = [life, ...this.#lives.filter((each) => !each.isOver)];
    void this.#poll(
      QUEUES.changes,
      life,
      holding(
        (ref) => applied(engine, ref),
        (ref) => engine.sync.queues.sendChange(ref, HOLD_S),
      ),
    );
    if (this.#options.crm)
      void this.#poll(
        QUEUES.writeBacks,
        life,
        holding(
          (ref) => writtenBack(engine, ref),
          (ref) => engine.sync.queues.sendWriteBack(ref, HOLD_S),
        ),
      );
    void this.#sweep(engine.sync, life);
    void this.#restartWhenOver(life);
  }

  async #restartWhenOver(life: Life): Promise<void> {
    await life.over;
    this.deaths += 1;
    await this.time.sleep(2_000);
    if (!this.#stopped) this.start();
  }

  async #poll(queue: string, life: Life, work: Work): Promise<void> {
    while (!this.#stopped && !life.isOver) {
      const messages = this.queues.take(queue, BATCH, MESSAGE_LEASE_S);
      if (messages.length === 0) await this.time.sleep(IDLE_MS);
      else await Promise.all(messages.map((message) => this.#handle(queue, life, message, work)));
    }
  }

  /** As the platform does: again after a failure, a copy in poison after the fifth. */
  async #handle(queue: string, life: Life, message: Message, work: Work): Promise<void> {
    const ref = toMessage(message.text);
    if (!ref) throw new Error(`not a message: ${message.text}`);
    try {
      await work(ref);
    } catch (error) {
      if (life.isOver && !life.isOfWorker) return;
      this.note({ event: 'threw', ...ref, error: String(error) });
      if (message.dequeueCount < MOST_DEQUEUES) {
        this.queues.show(queue, message, RETRY_S * 1000);
        return;
      }
      this.queues.put(`${queue}-poison`, message.text);
    }
    if (!life.isOver || life.isOfWorker) this.queues.remove(queue, message);
  }

  /** One more line of the trace. */
  note(line: object): void {
    this.lines.push(`${new Date(this.time.now()).toISOString()} ${JSON.stringify(line)}`);
  }

  async #sweep(deps: SyncDeps, life: Life): Promise<void> {
    await this.time.sleep(this.#options.random.below(SWEEP_MS));
    while (!this.#stopped && !life.isOver) {
      await sweep(deps).catch((error: unknown) => {
        if (!life.isOver) deps.log({ event: 'sweep threw', error: String(error) });
      });
      await this.time.sleep(SWEEP_MS);
    }
  }
}

type Work = (ref: RecordRef) => Promise<void>;

async function applied({ sync }: Pick<Engine, 'sync'>, ref: RecordRef): Promise<void> {
  sync.log({ event: 'apply', ...ref, ...(await applyChange(sync, ref)) });
}

/** As functions/handlers/write-back.ts does it. */
async function writtenBack(
  { sync, writeBack: deps }: Pick<Engine, 'sync' | 'writeBack'>,
  ref: RecordRef,
): Promise<void> {
  const numbers = await writeBack(deps, ref);
  if (sync.settings.ERP_TO_CRM === 'off' || sync.settings.SYNC_MODE !== 'write') return;
  const { outcome, code = '' } = await writeFields({ sync, writeBack: deps }, ref);
  sync.log({ event: 'write-back', ...ref, outcome: numbers.outcome, fields: outcome, code });
}

function toErpRow(row: MemoryErp['rows'] extends Map<number, infer Row> ? Row : never): ErpRow {
  return {
    associateNo: row.associateNo,
    customerNo: row.customerNo,
    contactForAssociateNo: row.contactFor,
    externalId: row.externalId,
    companyNo: row.companyNo,
    information8: row.deletionMark,
    name: row.name.reveal(),
    addressLine1: row.addressLine1.reveal(),
    postCode: row.postCode.reveal(),
    postalArea: row.postalArea.reveal(),
    emailAddress: row.emailAddress.reveal(),
    phone: row.phone.reveal(),
  };
}

/** As the function does: storage that is away costs none of the platform's tries, and what is owed stands in the ledger. */
const holding =
  (work: Work, sendAnew: Work): Work =>
  async (ref) => {
    try {
      await work(ref);
    } catch (error) {
      if (!isStorageFault(error)) throw error;
      await sendAnew(ref).catch((fault: unknown) => {
        if (!isStorageFault(fault)) throw fault;
      });
    }
  };
