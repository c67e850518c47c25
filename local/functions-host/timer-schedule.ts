import { Cron } from 'croner';
import { parseTimeSpan } from './time-span.ts';

/** When a timer fires next after `now`. */
export type TimerSchedule = (now: Date) => Date;

/**
 * A six-field NCRONTAB expression (seconds first, in UTC) or a time span such as `00:01:00`.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function parseTimerSchedule(text: string): TimerSchedule {
  const interval = parseTimeSpan(text);
  if (interval !== undefined && interval > 0) return (now) => new Date(now.getTime() + interval);
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) {
    throw new Error(`"${text}" is no timer schedule: give six fields, seconds first, or hh:mm:ss`);
  }
  const cron = new Cron(fields.length === 5 ? `0 ${text.trim()}` : text.trim(), { timezone: 'UTC', paused: true });
  const schedule: TimerSchedule = (now) => {
    const next = cron.nextRun(now);
    if (next === null) throw new Error(`the timer schedule "${text}" never comes round`);
    return next;
  };
  // Finds a date that does not exist now, not when the timer is due.
  schedule(new Date());
  return schedule;
}
