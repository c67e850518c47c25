import type { SandboxClock } from './clock.ts';
import type { TableChangeTarget } from './options.ts';
import { type RowChange, tableChange, type TableChange } from './table-change.ts';

/** A webhook comes a moment after the answer to the write that caused it. */
const AFTER_MS = 50;
/** Visma's own number of tries is not known; its default is exponential backoff (verified). */
const WAITS_MS = [1_000, 4_000, 16_000] as const;
const ANSWER_MS = 10_000;
const KEPT = 200;

/** What became of one TableChange. */
export interface Delivery {
  readonly notificationId: string;
  readonly event: TableChange['event'];
  readonly associateNo: number;
  /** One per try: the status, or null for no answer. */
  readonly answers: readonly (number | null)[];
}

interface Running {
  readonly change: TableChange;
  readonly url: string;
  readonly answers: (number | null)[];
}

async function answerOf(url: string, init: RequestInit): Promise<number | null> {
  try {
    const response = await fetch(url, { ...init, method: 'POST', redirect: 'manual' });
    await response.body?.cancel();
    return response.status;
  } catch {
    // No answer is an answer too: the delivery is tried again, and its list shows it.
    return null;
  }
}

/** Sends TableChange webhooks, unordered and each tried a few times, once somebody says where to. */
export class Dispatcher {
  target: TableChangeTarget | undefined;
  /** Told of each change the moment it is stored, wherever webhooks go. */
  watcher: ((change: Omit<RowChange, 'at'>) => void) | undefined;
  #deliveries: Running[] = [];
  #waiting = new Set<() => void>();
  #stopping = new AbortController();
  readonly #clock: SandboxClock;
  readonly #companyNo: number;

  constructor(clock: SandboxClock, companyNo: number, target: TableChangeTarget | undefined) {
    this.#clock = clock;
    this.#companyNo = companyNo;
    this.target = target;
  }

  /** The newest last. */
  deliveries(): readonly Delivery[] {
    return this.#deliveries.map(({ change: { notificationId, event, associateNo }, answers }) => ({
      notificationId,
      event,
      associateNo,
      answers,
    }));
  }

  note(change: Omit<RowChange, 'at'>): void {
    this.watcher?.(change);
    if (this.target === undefined) return;
    const { url } = this.target;
    const sent = tableChange({ ...change, at: this.#clock.now() }, this.#companyNo, this.target);
    const running: Running = { change: sent, url, answers: [] };
    this.#deliveries = [...this.#deliveries.slice(1 - KEPT), running];
    this.#later(AFTER_MS, running);
  }

  /** Nothing more is sent of what was noted so far. */
  drop(): void {
    for (const callOff of this.#waiting) callOff();
    this.#waiting.clear();
    this.#stopping.abort();
    this.#stopping = new AbortController();
    this.#deliveries = [];
  }

  #later(ms: number, running: Running): void {
    const callOff = this.#clock.after(ms, () => {
      this.#waiting.delete(callOff);
      void this.#try(running);
    });
    this.#waiting.add(callOff);
  }

  async #try(running: Running): Promise<void> {
    const { change, url, answers } = running;
    const stopping = this.#stopping.signal;
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(ANSWER_MS)]);
    const status = await answerOf(url, { headers: change.headers(this.#clock.now()), body: change.body, signal });
    if (stopping.aborted) return;
    const wait = WAITS_MS[answers.length];
    answers.push(status);
    const isTaken = status !== null && status >= 200 && status < 300;
    if (!isTaken && wait !== undefined) this.#later(wait, running);
  }
}
