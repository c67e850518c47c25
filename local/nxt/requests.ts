import type { WriteKind } from './call.ts';
import type { SandboxRow } from './columns.ts';
import { SlidingMinute } from './limits.ts';
import type { Operation, OperationKind } from './operation.ts';

type Kind = OperationKind | 'token';

export interface RequestEntry {
  /** Milliseconds since 1970 on the sandbox's clock. */
  readonly at: number;
  readonly kinds: readonly Kind[];
  /** Members of a batch; 1 otherwise. */
  readonly operations: number;
  readonly names: readonly string[];
  /** The status sent, or how the answer got lost; `open` until then. */
  outcome: number | 'open' | 'hang' | 'reset';
  fault?: string;
  durationMs?: number;
}

const none = <Key extends string>(...keys: readonly Key[]): Record<Key, number> =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;

const zero = () => ({
  /** HTTP requests; a batch is one. */
  http: none('token', 'graphql'),
  /** GraphQL requests; a batch counts each member. One that reads and writes counts in both kinds, once in `all`. */
  operations: { ...none('read', 'create', 'update', 'delete', 'introspection'), all: 0 },
  /** Table fields inside the documents. */
  fields: none('read', 'create', 'update', 'delete', 'introspection'),
  /** Rows written. */
  rows: none('create', 'update', 'delete'),
  tooManyRequests: 0,
  outstandingLimit: 0,
  unauthorized: 0,
});

export type Counters = Readonly<ReturnType<typeof zero>>;

const LOG_LENGTH = 20_000;

/** What the sandbox has seen: counted when a request arrives, whatever became of it. */
export class Requests {
  #counters = zero();
  #log: RequestEntry[] = [];
  #arrived = new SlidingMinute();
  #writes = new Map<number, number>();
  #slots: { maximum: number };

  constructor(slots: { maximum: number }) {
    this.#slots = slots;
  }

  get counts(): Counters {
    return this.#counters;
  }

  get log(): readonly RequestEntry[] {
    return this.#log;
  }

  /** Most requests in progress at one time. */
  get maxInProgress(): number {
    return this.#slots.maximum;
  }

  /** Most operations that arrived within any 60 s. */
  get maxPerMinute(): number {
    return this.#arrived.maximum;
  }

  /** Creates and updates per associate number. */
  get writesPerAssociate(): ReadonlyMap<number, number> {
    return this.#writes;
  }

  token(at: number): RequestEntry {
    this.#counters.http.token++;
    return this.#keep({ at, kinds: ['token'], operations: 0, names: [], outcome: 'open' });
  }

  graphql(at: number, operations: readonly Operation[]): RequestEntry {
    const counters = this.#counters;
    counters.http.graphql++;
    counters.operations.all += operations.length;
    for (const { fields } of operations) {
      for (const kind of new Set(fields)) counters.operations[kind]++;
      for (const kind of fields) counters.fields[kind]++;
    }
    this.#arrived.add(at, operations.length);
    return this.#keep({
      at,
      kinds: [...new Set(operations.flatMap(({ fields }) => fields))],
      operations: operations.length,
      names: operations.flatMap(({ name }) => (name === undefined ? [] : [name])),
      outcome: 'open',
    });
  }

  count(what: 'tooManyRequests' | 'outstandingLimit' | 'unauthorized'): void {
    this.#counters[what]++;
  }

  wrote(kind: WriteKind, { associateNo }: SandboxRow): void {
    this.#counters.rows[kind]++;
    if (kind !== 'delete') this.#writes.set(associateNo, (this.#writes.get(associateNo) ?? 0) + 1);
  }

  reset(): void {
    this.#counters = zero();
    this.#log = [];
    this.#arrived = new SlidingMinute();
    this.#writes = new Map();
    this.#slots.maximum = 0;
  }

  #keep(entry: RequestEntry): RequestEntry {
    if (this.#log.length >= LOG_LENGTH) this.#log = this.#log.slice(LOG_LENGTH / 2);
    this.#log.push(entry);
    return entry;
  }
}
