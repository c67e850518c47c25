import type { Clock } from '../http/clock.ts';
import type { Pass } from '../limits/gate.ts';

/** One call that waits for its share of a batch. Settling it twice does nothing. */
export interface Job<Input, Outcome> {
  readonly input: Input;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

export interface CollectorOptions<Input, Outcome> {
  readonly clock: Clock;
  /** How long the first call of a batch waits for company when nothing is in flight, milliseconds. */
  readonly windowMs: number;
  readonly maxSize: () => number;
  /** Two jobs with the same key are never in progress at the same time. */
  readonly keyOf?: (input: Input) => string | number;
  /** Waits until a request may leave; the batch keeps filling meanwhile. */
  readonly enter: () => Promise<Pass>;
  /** Settles every job and gives the pass back, once, as soon as the first request is over. */
  readonly run: (jobs: readonly Job<Input, Outcome>[], pass: Pass) => Promise<void>;
}

/**
 * Gathers calls into batches. A batch leaves when nothing of its kind is in flight and the window is over, or when it is
 * full; it is closed only after `enter`, so that a scarce budget makes batches larger instead of queues longer.
 *
 * Not dataloader: it closes a batch on its own schedule function without knowing its size, so neither "leaves when full"
 * nor "never two of one key together" can be said there.
 */
export function createCollector<Input, Outcome>(
  options: CollectorOptions<Input, Outcome>,
): (input: Input) => Promise<Outcome> {
  const { clock, windowMs, keyOf } = options;
  let queue: (Job<Input, Outcome> & { readonly addedAt: number })[] = [];
  const busyKeys = new Set<string | number>();
  let inFlight = 0;
  let leaving = false;
  let timer = false;

  /** Takes the jobs of the next batch out of the queue. */
  const close = () => {
    const taken: typeof queue = [];
    const left: typeof queue = [];
    const maxSize = options.maxSize();
    for (const job of queue) {
      const key = keyOf?.(job.input);
      const fits = taken.length < maxSize && (key === undefined || !busyKeys.has(key));
      if (fits && key !== undefined) busyKeys.add(key);
      (fits ? taken : left).push(job);
    }
    queue = left;
    return taken;
  };

  const depart = async () => {
    leaving = true;
    let pass: Pass;
    try {
      pass = await options.enter();
    } catch (error) {
      leaving = false;
      for (const job of close()) job.reject(error);
      consider();
      return;
    }
    leaving = false;
    const jobs = close();
    if (jobs.length === 0) {
      pass.leave('answered');
      return;
    }
    inFlight += 1;
    const watched: Pass = {
      start: () => pass.start(),
      leave: (fate) => {
        pass.leave(fate);
        inFlight -= 1;
        consider();
      },
    };
    consider();
    try {
      await options.run(jobs, watched);
      for (const job of jobs) job.reject(new Error('the batch ended without an outcome for this call'));
    } catch (error) {
      for (const job of jobs) job.reject(error);
    }
  };

  const consider = () => {
    const ready = keyOf === undefined ? queue : queue.filter((job) => !busyKeys.has(keyOf(job.input)));
    const first = ready[0];
    if (leaving || first === undefined) return;
    const wait = windowMs - (clock.now() - first.addedAt);
    if (ready.length >= options.maxSize() || (inFlight === 0 && wait <= 0)) {
      void depart();
    } else if (inFlight === 0 && !timer) {
      timer = true;
      void clock.sleep(wait).then(() => {
        timer = false;
        consider();
      });
    }
  };

  return (input) =>
    new Promise((resolve, reject) => {
      let settled = false;
      const once = (settle: () => void) => {
        if (settled) return;
        settled = true;
        const key = keyOf?.(input);
        if (key !== undefined && busyKeys.delete(key)) consider();
        settle();
      };
      queue.push({
        input,
        addedAt: clock.now(),
        resolve: (outcome) => once(() => resolve(outcome)),
        reject: (error: unknown) =>
          once(() => reject(error instanceof Error ? error : new Error('a thrown value that is no Error'))),
      });
      consider();
    });
}
