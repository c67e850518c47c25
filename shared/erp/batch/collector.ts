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
  /**
   * How many calls may go together with this one, when it is suspected to have spoiled an earlier batch; null for all
   * others. Suspects travel apart, so that nobody waits behind them.
   */
  readonly companyOf?: (input: Input) => number | null;
  /** Waits until a request may leave; the batch keeps filling meanwhile. */
  readonly enter: () => Promise<Pass>;
  /** Settles every job and gives the pass back, once, as soon as the first request is over. */
  readonly run: (jobs: readonly Job<Input, Outcome>[], pass: Pass) => Promise<void>;
}

/** With a batch in flight the next one fills for so long at most: one that hangs must not hold up those behind it. */
const PATIENCE_MS = 2_000;

interface Lane {
  readonly isForSuspects: boolean;
  leaving: boolean;
  inFlight: number;
  timerAt: number;
}

interface Waiting<Input, Outcome> extends Job<Input, Outcome> {
  readonly addedAt: number;
  readonly lane: Lane;
  readonly most: number;
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
  const { clock, windowMs, keyOf, companyOf } = options;
  let queue: Waiting<Input, Outcome>[] = [];
  const busyKeys = new Set<string | number>();
  const newLane = (isForSuspects: boolean): Lane => ({ isForSuspects, leaving: false, inFlight: 0, timerAt: Infinity });
  const lanes = { others: newLane(false), suspects: newLane(true) };

  /** Takes the jobs of the lane's next batch out of the queue. */
  const close = (lane: Lane) => {
    const taken: typeof queue = [];
    const left: typeof queue = [];
    let most = options.maxSize();
    for (const job of queue) {
      const key = keyOf?.(job.input);
      const isFree = job.lane === lane && (key === undefined || !busyKeys.has(key));
      const fits = isFree && taken.length < Math.min(most, job.most);
      if (fits) most = Math.min(most, job.most);
      if (fits && key !== undefined) busyKeys.add(key);
      (fits ? taken : left).push(job);
    }
    queue = left;
    return taken;
  };

  const depart = async (lane: Lane) => {
    lane.leaving = true;
    let pass: Pass;
    try {
      pass = await options.enter();
    } catch (error) {
      lane.leaving = false;
      for (const job of close(lane)) job.reject(error);
      consider();
      return;
    }
    lane.leaving = false;
    const jobs = close(lane);
    if (jobs.length === 0) {
      pass.leave('answered');
      return;
    }
    lane.inFlight += 1;
    const watched: Pass = {
      start: () => pass.start(),
      leave: (fate) => {
        pass.leave(fate);
        lane.inFlight -= 1;
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

  const considerLane = (lane: Lane) => {
    const ready = queue.filter((job) => job.lane === lane && (keyOf === undefined || !busyKeys.has(keyOf(job.input))));
    const first = ready[0];
    if (lane.leaving || first === undefined) return;
    const patience = lane.inFlight === 0 || lane.isForSuspects ? windowMs : PATIENCE_MS;
    const due = first.addedAt + patience;
    if (ready.length >= Math.min(options.maxSize(), first.most) || due <= clock.now()) {
      void depart(lane);
    } else if (due < lane.timerAt) {
      lane.timerAt = due;
      void clock.sleep(due - clock.now()).then(() => {
        if (lane.timerAt === due) lane.timerAt = Infinity;
        considerLane(lane);
      });
    }
  };

  const consider = () => {
    considerLane(lanes.others);
    considerLane(lanes.suspects);
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
      const company = companyOf?.(input) ?? null;
      queue.push({
        input,
        addedAt: clock.now(),
        lane: company === null ? lanes.others : lanes.suspects,
        most: company ?? Infinity,
        resolve: (outcome) => once(() => resolve(outcome)),
        reject: (error: unknown) =>
          once(() => reject(error instanceof Error ? error : new Error('a thrown value that is no Error'))),
      });
      consider();
    });
}
