import { z } from 'zod';
import type { SandboxClock } from './clock.ts';
import type { SandboxRow } from './columns.ts';
import type { WriteKind } from './call.ts';
import type { Latency } from './options.ts';
import type { OperationKind } from './operation.ts';
import { seededRandom } from './random.ts';
import { RowError } from './row-error.ts';

const on = z.enum(['read', 'create', 'update', 'delete', 'introspection', 'token', 'any']);
/**
 * `next`: the next n matching requests. `probability`: each matching request, 0 to 1. Neither: every one.
 * `bodyContains`: only requests whose body holds this text, as a firewall looks for it.
 */
const where = {
  on: on.default('any'),
  next: z.int().positive().optional(),
  probability: z.number().min(0).max(1).optional(),
  bodyContains: z.string().min(1).optional(),
};
/** How an answer gets lost: the connection breaks, nothing ever comes, or a gateway gives up (504). */
const how = z.enum(['reset', 'hang', 'gateway-timeout']).default('reset');

/** The write lands this much later unless the fault says otherwise, milliseconds. */
const LAND_AFTER_MS = 40_000;

export const faultSchema = z.discriminatedUnion('do', [
  /** Answers with this status before anything is carried out: the gateway's page (the default), or the service's JSON. */
  z.object({
    ...where,
    do: z.literal('status'),
    status: z.int().min(400).max(599),
    retryAfterSeconds: z.number().optional(),
    as: z.enum(['html', 'json']).optional(),
  }),
  /** Never answers and never carries out. `keepSlot`: the place in progress stays lost for 30 minutes. */
  z.object({ ...where, do: z.literal('hang'), keepSlot: z.boolean().optional() }),
  /** Breaks the connection before anything is carried out. */
  z.object({ ...where, do: z.literal('reset') }),
  /** Carries out, then loses the answer. */
  z.object({ ...where, do: z.literal('lose-answer'), how }),
  /** Loses the answer now, carries out later. */
  z.object({ ...where, do: z.literal('land-later'), how, afterMs: z.number().nonnegative().default(LAND_AFTER_MS) }),
  /** 401, and the token is dead from here on. */
  z.object({ ...where, do: z.literal('expire-token') }),
  /** The company is said to have too many requests in progress. */
  z.object({ ...where, do: z.literal('outstanding-limit') }),
  /** Refuses single rows whose name contains the text. */
  z.object({ ...where, do: z.literal('row-error'), nameContains: z.string() }),
  /** The token endpoint refuses. */
  z.object({
    ...where,
    do: z.literal('refuse-token'),
    error: z.enum(['invalid_client', 'invalid_scope', 'unauthorized_client']),
  }),
]);

export type Fault = z.output<typeof faultSchema>;
/** As written by a test: what has a default can be left out. */
export type FaultInput = z.input<typeof faultSchema>;
export type Downtime = 'off' | 'reset' | 'unavailable';
type RowRefusal = (row: SandboxRow, kind: WriteKind) => boolean;

/** A write whose answer is already lost. */
export interface Landing {
  readonly at: number;
  readonly kinds: readonly OperationKind[];
}

interface PendingLanding extends Landing {
  readonly callOff: () => void;
  readonly run: () => Promise<void>;
}

/** What goes wrong, adjustable while the sandbox runs. */
export class Faults {
  readonly #clock: SandboxClock;
  readonly #random: () => number;
  #active: { readonly fault: Fault; left: number }[] = [];
  #refusals: { readonly refuses: RowRefusal; readonly message: string }[] = [];
  #landings: PendingLanding[] = [];
  downtime: Downtime = 'off';
  latencyMs: Latency;

  constructor(clock: SandboxClock, seed: number, latencyMs: Latency) {
    this.#clock = clock;
    this.#random = seededRandom(seed);
    this.latencyMs = latencyMs;
  }

  add(...faults: readonly FaultInput[]): void {
    for (const input of faults) {
      const fault = faultSchema.parse(input);
      this.#active.push({ fault, left: fault.next ?? Infinity });
    }
  }

  /** Refuses every row the test says yes to. */
  refuseRows(refuses: RowRefusal, message = 'The record was refused.'): void {
    this.#refusals.push({ refuses, message });
  }

  /** Ends all faults and downtime; writes still to land do land. */
  clear(): void {
    this.#active = [];
    this.#refusals = [];
    this.downtime = 'off';
  }

  list(): readonly (Fault & { readonly left: number | 'always' })[] {
    return this.#active.map(({ fault, left }) => ({ ...fault, left: left === Infinity ? 'always' : left }));
  }

  /** The first fault that strikes a request of these kinds with this body; rows have their own. */
  strike(kinds: readonly (OperationKind | 'token')[], body = ''): Exclude<Fault, { do: 'row-error' }> | undefined {
    for (const entry of this.#active) {
      const { fault } = entry;
      if (fault.do === 'row-error' || !(fault.on === 'any' || kinds.includes(fault.on))) continue;
      if (fault.bodyContains !== undefined && !body.includes(fault.bodyContains)) continue;
      if (this.#spend(entry)) return fault;
    }
    return undefined;
  }

  /** The refusal a row meets, if any. */
  refusal(kind: WriteKind, row: SandboxRow): RowError | undefined {
    const refused = this.#refusals.find(({ refuses }) => refuses(row, kind));
    if (refused !== undefined) return new RowError('RowRefused', refused.message);
    const struck = this.#active.some(
      (entry) =>
        entry.fault.do === 'row-error' &&
        (entry.fault.on === 'any' || entry.fault.on === kind) &&
        row.name.includes(entry.fault.nameContains) &&
        this.#spend(entry),
    );
    return struck ? new RowError('RowRefused', 'The record was refused.') : undefined;
  }

  #spend(entry: { readonly fault: Fault; left: number }): boolean {
    if (entry.left <= 0 || this.#random() >= (entry.fault.probability ?? 1)) return false;
    entry.left--;
    if (entry.left === 0) this.#active = this.#active.filter((other) => other !== entry);
    return true;
  }

  latency(): number {
    if (typeof this.latencyMs === 'number') return this.latencyMs;
    const [least, most] = this.latencyMs;
    return least + this.#random() * (most - least);
  }

  /** Carries `run` out `afterMs` from now. */
  landLater(afterMs: number, kinds: readonly OperationKind[], run: () => Promise<void>): void {
    const land = () => {
      this.#landings = this.#landings.filter((other) => other !== landing);
      void run();
    };
    const callOff = this.#clock.after(afterMs, land);
    const landing: PendingLanding = { at: this.#clock.now() + afterMs, kinds, callOff, run };
    this.#landings.push(landing);
  }

  /** Writes that have yet to land. */
  landings(): readonly Landing[] {
    return this.#landings.map(({ at, kinds }) => ({ at, kinds }));
  }

  /** Lands everything at once, whatever the clock says; the number of requests that landed. */
  async landNow(): Promise<number> {
    const landings = this.#landings;
    this.dropLandings();
    for (const { run } of landings) await run();
    return landings.length;
  }

  /** The writes never happen. */
  dropLandings(): void {
    for (const { callOff } of this.#landings) callOff();
    this.#landings = [];
  }
}
