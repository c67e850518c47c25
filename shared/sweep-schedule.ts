/**
 * The sweep's NCRONTAB from SWEEP_SECONDS: every so many seconds up to half a minute, else every so many minutes.
 * Read when the function registers, so that a wrong value must not throw: it is 60 then, and the settings say so.
 */
export function sweepSchedule(text: string | undefined): string {
  const seconds = /^\d{1,4}$/.test(text ?? '') ? Number(text) : 60;
  if (seconds >= 1 && seconds <= 30) return `*/${seconds} * * * * *`;
  const minutes = Math.min(59, Math.max(1, Math.round(seconds / 60)));
  return `0 */${minutes} * * * *`;
}
