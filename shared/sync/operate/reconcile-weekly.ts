import { randomUUID } from 'node:crypto';
import { Failure } from '../../failure.ts';
import { iso } from '../deps.ts';
import { compare, type CompareDeps } from './compare.ts';
import type { ReconcileLine } from './reconcile.ts';

const HOUR_MS = 3_600_000;
/** Longer than a function may run, and over before the next day's try. */
const RUN_MS = HOUR_MS;
/** Over just before the same hour a week later. */
const WEEK_MS = (7 * 24 - 4) * HOUR_MS;

/** By whom the console says it was found. */
const TIMER = 'timer';

/**
 * Holds both systems against each other once a week, keeps what was found for the console, and logs how many differences
 * of each kind there are. Called once a day: where the ERP or the CRM is away, or the process ends in the middle, the next
 * day tries again.
 *
 * @returns the counts; null when it is not due, or `ERP_TO_CRM` is off
 */
export async function reconcileWhenDue({
  sync,
  crm,
  control,
}: CompareDeps): Promise<Readonly<Record<string, number>> | null> {
  const { ledger, settings, flow, now, log } = sync;
  if (settings.ERP_TO_CRM === 'off' || (await flow.status()).is !== 'open') return null;
  const me = randomUUID();
  const hold = (ms: number) => ledger.claimUntil('reconcile', me, iso(now() + ms), iso(now()));
  const claim = await hold(RUN_MS);
  if (!claim) return null;
  const started = now();
  try {
    const lines = await compare({ sync, crm, control }, TIMER);
    await hold(WEEK_MS);
    const differences = countsOf(lines);
    log({ event: 'reconcile', outcome: 'done', differences, ms: now() - started });
    return differences;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await ledger.releaseClaim(claim);
    log({ event: 'reconcile', outcome: 'waiting', code: error.code });
    return null;
  }
}

function countsOf(lines: readonly ReconcileLine[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { kind } of lines) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
