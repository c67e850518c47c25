import { ConsecutiveBreaker } from 'cockatiel';
import * as z from 'zod';
import { Failure, isFailureCode, type FailureCode } from '../failure.ts';
import type { Rows } from '../store/index.ts';

/** Whether changes flow to one outside system, for all instances together. */
export type FlowStatus =
  | { readonly is: 'open' }
  | { readonly is: 'paused'; readonly since: string; readonly by: string }
  | {
      readonly is: 'stopped';
      readonly code: FailureCode;
      readonly detail: string;
      readonly since: string;
      readonly nextProbeAt: string;
    };

/**
 * One shared row per outside system. A cause that every record would meet stops the flow: records are held where they
 * are, no attempt is spent, and one instance at a time probes until the cause is gone.
 */
export interface Flow {
  /** At most three seconds old; `fresh` asks storage, and so says whether that answers. */
  status(how?: 'fresh'): Promise<FlowStatus>;
  /**
   * Reports what a request met; stops the flow at once for a configuration, after a few in a row for the rest. Each
   * operation has its own row of failures: one that answers reads and hangs on writes is no help either.
   *
   * `confirm`: what was met may have been the doing of the records in the request. It is asked before the flow stops,
   * and gives what stands in the way of everybody, or null.
   */
  report(failure: Failure, operation?: string, confirm?: () => Promise<Failure | null>): Promise<void>;
  /** Reports that the other side answered. */
  succeeded(operation?: string): void;
  /** Probes if it is time and no other instance does; true when the flow is open afterwards. */
  tryProbe(probe: () => Promise<void>): Promise<boolean>;
  pause(by: string): Promise<void>;
  /** Ends a pause, and a stop that only a person may end. */
  resume(): Promise<void>;
}

/** Requests of one process, not records: a batch that fails is one. */
const FAILURES_IN_A_ROW = 4;
const FIRST_PROBE_MS = 15_000;
/** Below a minute, so that each sweep finds it time to probe. */
const LONGEST_PROBE_MS = 55_000;
const CACHE_MS = 3_000;

/** Going on would create rows that nobody can find again: only a person, or another setting, may end it. */
const ENDED_BY_A_PERSON: readonly FailureCode[] = ['erp.external-id-changed'];

const isForAPerson = (code: string): boolean => isFailureCode(code) && ENDED_BY_A_PERSON.includes(code);

const columns = z.object({
  stopped: z.string().default(''),
  detail: z.string().default(''),
  since: z.string().default(''),
  nextProbeAt: z.string().default(''),
  probeDelayMs: z.number().default(0),
  settings: z.string().default(''),
  pausedSince: z.string().default(''),
  pausedBy: z.string().default(''),
});
type FlowRow = z.infer<typeof columns>;

/** What stands in the way now may be another thing than what stopped the flow. */
function reasonNow({ stopped }: FlowRow, { code, details }: Failure): Partial<FlowRow> | null {
  return stopped === '' || stopped === code || isForAPerson(stopped)
    ? null
    : { stopped: code, detail: details.detail ?? '' };
}

export interface FlowDeps {
  readonly name: 'erp' | 'crm';
  readonly rows: Rows;
  readonly now: () => number;
  /** Changes when a setting changes that may have been the cause. */
  readonly settingsMark: string;
}

export function createFlow({ name, rows, now, settingsMark }: FlowDeps): Flow {
  const at = { partitionKey: 'flow', rowKey: name };
  const breakers = new Map<string, ConsecutiveBreaker>();
  const breakerOf = (operation: string): ConsecutiveBreaker => {
    const breaker = breakers.get(operation) ?? new ConsecutiveBreaker(FAILURES_IN_A_ROW);
    breakers.set(operation, breaker);
    return breaker;
  };
  let cached: { row: FlowRow; etag: string | null; until: number } | null = null;
  const iso = (ms: number): string => new Date(ms).toISOString();

  let reading: Promise<{ row: FlowRow; etag: string | null }> | null = null;

  /** Many ask at once: one looks, for all of them. */
  const look = (): Promise<{ row: FlowRow; etag: string | null }> => {
    reading ??= read(true).finally(() => {
      reading = null;
    });
    return reading;
  };

  const read = async (fresh = false): Promise<{ row: FlowRow; etag: string | null }> => {
    if (!fresh && cached && cached.until > now()) return cached;
    const found = await rows.get(at, (entity) => ({ etag: entity.etag, row: columns.parse(entity) }));
    cached = { row: found?.row ?? columns.parse({}), etag: found?.etag ?? null, until: now() + CACHE_MS };
    return cached;
  };

  /** Changes the row; null when the change does not apply to what is there now. */
  const change = async (to: (row: FlowRow) => Partial<FlowRow> | null): Promise<boolean> => {
    for (;;) {
      const { row, etag } = await read(true);
      const changes = to(row);
      if (changes === null) return false;
      const next = { ...row, ...changes };
      const done = etag === null ? await rows.insert(at, next) : await rows.merge(at, next, etag);
      cached = null;
      if (done !== 'conflict') return true;
    }
  };

  const isOpen = (row: FlowRow): boolean =>
    row.stopped === '' || (isForAPerson(row.stopped) && row.settings !== settingsMark);

  const open: Partial<FlowRow> = { stopped: '', detail: '', since: '', nextProbeAt: '', probeDelayMs: 0 };

  return {
    async status(how) {
      const { row } = how !== 'fresh' && cached && cached.until > now() ? cached : await look();
      if (row.pausedSince !== '') return { is: 'paused', since: row.pausedSince, by: row.pausedBy };
      if (isOpen(row) || !isFailureCode(row.stopped)) return { is: 'open' };
      const { stopped: code, detail, since, nextProbeAt } = row;
      return { is: 'stopped', code, detail, since, nextProbeAt };
    },
    async report(met, operation = '', confirm = async () => met) {
      if (met.decision === 'retry' && !breakerOf(operation).failure()) return;
      if (!isOpen((await read()).row) && !isForAPerson(met.code)) return;
      const failure = await confirm();
      breakers.clear();
      if (failure === null) return;
      await change((row) =>
        isOpen(row) || (isForAPerson(failure.code) && !isForAPerson(row.stopped))
          ? {
              stopped: failure.code,
              detail: failure.details.detail ?? '',
              since: iso(now()),
              nextProbeAt: iso(now() + Math.max(FIRST_PROBE_MS, failure.details.retryAfterMs ?? 0)),
              probeDelayMs: FIRST_PROBE_MS,
              settings: settingsMark,
            }
          : null,
      );
    },
    succeeded(operation = '') {
      breakerOf(operation).success();
      breakerOf('').success();
    },
    async tryProbe(probe) {
      const isMine = await change((row) => {
        if (isOpen(row) || isForAPerson(row.stopped)) return null;
        if (row.nextProbeAt > iso(now())) return null;
        const probeDelayMs = Math.min(LONGEST_PROBE_MS, row.probeDelayMs * 2);
        return { nextProbeAt: iso(now() + probeDelayMs), probeDelayMs };
      });
      if (!isMine) return isOpen((await read()).row);
      try {
        await probe();
      } catch (error) {
        if (error instanceof Failure) await change((row) => reasonNow(row, error));
        throw error;
      }
      // Only what was probed for has ended: a stop for a person that came meanwhile has not.
      await change((row) => (row.stopped === '' || isForAPerson(row.stopped) ? null : open));
      return isOpen((await read()).row);
    },
    async pause(by) {
      await change((row) => (row.pausedSince === '' ? { pausedSince: iso(now()), pausedBy: by } : null));
    },
    async resume() {
      await change(() => ({ ...open, pausedSince: '', pausedBy: '' }));
    },
  };
}
