import { bad, note, ok, type Check } from './check.ts';

/** Signatures are good for five minutes, and tokens and leases rest on the clock too. */
const MOST_SECONDS = 60;
const TIMEOUT_MS = 5_000;

/** This machine's clock against the `Date` of an answer, whatever else it says. */
export async function checkClock(url: string, now: () => number, ask: typeof fetch = fetch): Promise<Check> {
  const date = await dateOf(url, ask);
  if (date === null) return note('clock', 'not compared: nobody answered with a date');
  const seconds = Math.round(Math.abs(now() - date) / 1000);
  return seconds <= MOST_SECONDS
    ? ok('clock', `within ${Math.max(1, seconds)} s of Visma’s`)
    : bad('clock', `${seconds} s from Visma’s`, 'set this machine’s clock by the network (timedatectl set-ntp true)');
}

async function dateOf(url: string, ask: typeof fetch): Promise<number | null> {
  try {
    const response = await ask(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const date = Date.parse(response.headers.get('date') ?? '');
    return Number.isNaN(date) ? null : date;
  } catch {
    return null;
  }
}
