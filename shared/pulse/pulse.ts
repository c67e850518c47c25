import * as z from 'zod';
import type { Rows } from '../store/index.ts';

/** What one instance applied in one minute. */
export interface Minute {
  /** ISO 8601, UTC, of its beginning. */
  readonly minute: string;
  readonly applied: number;
  /** Milliseconds from taking the change in until it was in the ERP, summed over all that were applied. */
  readonly lagMs: number;
}

/** How much was applied lately, for the console's charts; counted in memory and saved once a minute. */
export interface Pulse {
  readonly count: (lagMs: number) => void;
  /** Saves minutes that are over; at a change's end and at each sweep. A failure loses a point of a chart, no more. */
  flush(): Promise<void>;
  /** Of the last hour. One storage request. */
  lastHour(): Promise<readonly Minute[]>;
  /** Removes what no chart shows any more. */
  forget(): Promise<void>;
}

interface PulseDeps {
  readonly rows: Rows;
  readonly now: () => number;
  /** Tells this instance's rows from those of others. */
  readonly instance: string;
}

const PARTITION = 'pulse';
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const columns = z.object({ minute: z.string(), applied: z.number(), lagMs: z.number() });

export function createPulse({ rows, now, instance }: PulseDeps): Pulse {
  const counts = new Map<number, { applied: number; lagMs: number }>();
  const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
  const minuteNow = (): number => Math.floor(now() / MINUTE_MS) * MINUTE_MS;

  return {
    count(lagMs) {
      const at = minuteNow();
      const { applied, lagMs: sum } = counts.get(at) ?? { applied: 0, lagMs: 0 };
      counts.set(at, { applied: applied + 1, lagMs: sum + Math.max(0, lagMs) });
    },
    async flush() {
      for (const [at, row] of [...counts].filter(([minute]) => minute < minuteNow())) {
        counts.delete(at);
        const address = { partitionKey: PARTITION, rowKey: `${iso(at)}|${instance}` };
        await rows.save([{ do: 'put', at: address, row: { minute: iso(at), ...row } }]);
      }
    },
    async lastHour() {
      const found: Minute[] = [];
      for await (const entity of rows.range(PARTITION, iso(now() - HOUR_MS), '~')) found.push(columns.parse(entity));
      return found;
    },
    async forget() {
      for await (const { rowKey = '' } of rows.range(PARTITION, '', iso(now() - 2 * HOUR_MS), { select: [] })) {
        await rows.remove({ partitionKey: PARTITION, rowKey });
      }
    },
  };
}
