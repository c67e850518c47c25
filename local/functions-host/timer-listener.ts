import type { TypedData } from './core-types.ts';
import type { RunFunction } from './function-runner.ts';
import { pause } from './pause.ts';
import type { Listener } from './queue-listener.ts';
import type { TimerSchedule } from './timer-schedule.ts';
import { newTraceContext } from './trace-context.ts';

/** setTimeout takes no more than 2^31 - 1 ms. */
const LONGEST_PAUSE = 24 * 60 * 60_000;
/** .NET's DateTimeOffset.MinValue: the timer has not run. */
const NEVER = '0001-01-01T00:00:00+00:00';

export interface TimerTrigger {
  readonly schedule: TimerSchedule;
  readonly runOnStartup: boolean;
  readonly run: RunFunction;
}

/**
 * Runs a timer function, never two at once: a run that is longer than the schedule swallows what it misses. Azure keeps
 * the schedule in a blob and holds a lease, so that only one instance runs it and a start can be past due. This host
 * keeps neither: every process runs its own timers, and `isPastDue` is always false.
 */
export function startTimerListener({ schedule, runOnStartup, run }: TimerTrigger): Listener {
  const stopping = new AbortController();

  const loop = async (): Promise<void> => {
    let last: Date | undefined;
    const fire = async (next: Date): Promise<void> => {
      await run({ input: toTimerInfo(last, next), triggerMetadata: {}, traceContext: newTraceContext() });
    };
    if (runOnStartup) {
      const now = new Date();
      await fire(schedule(now));
      last = now;
    }
    while (!stopping.signal.aborted) {
      const due = schedule(new Date());
      await pauseUntil(due, stopping.signal);
      if (isAborted(stopping.signal)) break;
      await fire(schedule(due));
      last = due;
    }
  };

  const ended = loop();
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}

/** Read anew: it changes while the loop waits. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

async function pauseUntil(due: Date, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const left = due.getTime() - Date.now();
    if (left <= 0) return;
    await pause(Math.min(left, LONGEST_PAUSE), signal);
  }
}

function toTimerInfo(last: Date | undefined, next: Date): TypedData {
  return {
    json: JSON.stringify({
      Schedule: { AdjustForDST: true },
      ScheduleStatus: {
        Last: last?.toISOString() ?? NEVER,
        LastUpdated: last?.toISOString() ?? NEVER,
        Next: next.toISOString(),
      },
      IsPastDue: false,
    }),
  };
}
