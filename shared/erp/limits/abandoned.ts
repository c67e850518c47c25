/**
 * "If a request never completes normally (for example, your client disconnects or times out), its slot is automatically
 * freed after 30 minutes." https://docs.vismasoftware.no/businessnxtapi/apireference/ratelimits/
 */
export const LOST_SLOT_MS = 30 * 60_000;
/** Within its own limit of 59 s the ERP may really be at work on the request. */
const AT_WORK_MS = 60_000;

/**
 * How many places abandoned requests take: each while the ERP may be at work on it; after that, as the lost slots they
 * may have left behind, at most half of all, so that an hour of timeouts never brings everything to a halt.
 * @param since when each was abandoned, milliseconds
 */
export function takenByAbandoned(since: readonly number[], now: number, inProgress: number): number {
  const lost = since.filter((at) => at > now - LOST_SLOT_MS);
  const atWork = lost.filter((at) => at > now - AT_WORK_MS).length;
  const share = Math.max(0, Math.floor(inProgress / 2) - atWork);
  return atWork + Math.min(lost.length - atWork, share);
}
