import type { Clock } from '../../shared/erp/http/clock.ts';
import { LOST_SLOT_MS, takenByAbandoned } from '../../shared/erp/limits/holdings.ts';
import type { Fate, Gate, Pass } from '../../shared/erp/limits/gate.ts';

export interface LocalLimits {
  readonly requestsPerMinute: number;
  readonly inProgress: number;
  readonly clock: Clock;
}

/** A start time may be used this long after it came; then it is lost. */
const START_LIFE_MS = 1000;
/** How often a request that waits for a place of abandoned ones looks again. */
const LOOK_MS = 1000;
/** The share of the limit that may start at once; the rest is spread evenly over the minute. */
const BURST_SHARE = 0.1;

/**
 * The limits within one process, without the row in storage that instances share. Starts follow the generic cell rate
 * algorithm (GCRA): burst + rate × (60 s + start life) stays within the limit, so no sliding minute exceeds it.
 */
export function createLocalGate({ requestsPerMinute, inProgress, clock }: LocalLimits): Gate {
  const burst = Math.max(1, Math.floor(requestsPerMinute * BURST_SHARE));
  const interval = (60_000 + START_LIFE_MS) / Math.max(requestsPerMinute - burst, 0.5);
  let theoretical = 0;
  let quietUntil = 0;
  let busy = 0;
  /** When requests were abandoned. */
  let abandoned: readonly number[] = [];
  let waiting: (() => void)[] = [];

  const takeStart = async (): Promise<number> => {
    const now = clock.now();
    const at = Math.max(now, quietUntil, theoretical - (burst - 1) * interval);
    theoretical = Math.max(theoretical, at) + interval;
    if (at > now) await clock.sleep(at - now);
    // A slow-down that came while we slept holds for us as well.
    while (quietUntil > clock.now()) await clock.sleep(quietUntil - clock.now());
    return clock.now();
  };

  const takePlace = async (): Promise<void> => {
    for (;;) {
      const now = clock.now();
      abandoned = abandoned.filter((at) => at > now - LOST_SLOT_MS);
      if (busy + takenByAbandoned(abandoned, now, inProgress) < inProgress) break;
      const freed = new Promise<void>((resolve) => waiting.push(resolve));
      await Promise.race([freed, ...(abandoned.length > 0 ? [clock.sleep(LOOK_MS)] : [])]);
    }
    busy += 1;
  };

  const freePlace = (fate: Fate) => {
    busy -= 1;
    if (fate === 'abandoned') abandoned = [...abandoned, clock.now()];
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };

  return {
    enter: async () => {
      await takePlace();
      let startedAt: number | undefined = await takeStart();
      const pass: Pass = {
        start: async () => {
          if (startedAt === undefined || clock.now() - startedAt > START_LIFE_MS) await takeStart();
          startedAt = undefined;
        },
        leave: freePlace,
      };
      return pass;
    },
    slowDown: (ms) => {
      quietUntil = Math.max(quietUntil, clock.now() + ms);
    },
  };
}
