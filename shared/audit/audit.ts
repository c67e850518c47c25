import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { Failure } from '../failure.ts';
import type { Rows } from '../store/index.ts';

/** Who did what, when, to how much. No personal data of the CRM's people; CRM ids are pseudonyms. */
export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The operator: an account name. */
  readonly by: string;
  /** Such as `failed.replay` or `pause`. */
  readonly action: string;
  /** Which records were meant, as the operator chose them. */
  readonly selection: string;
  /** The operator's own words. */
  readonly reason: string;
  /** Records it was done to. */
  readonly count: number;
  /** Records by what happened to each. */
  readonly results: Readonly<Record<string, number>>;
  /** `''`: it did not come to an end, so that some of it may be done. */
  readonly endedAt: string;
}

export type AuditIntent = Pick<AuditEntry, 'by' | 'action' | 'selection' | 'reason'>;
export type AuditResult = Pick<AuditEntry, 'count' | 'results'>;

/** What a piece of work came to, and what the entry says of it. */
export interface Audited<T> extends AuditResult {
  readonly value: T;
}

export interface Audit {
  /** Notes the intent, does the work, notes what came of it, or why it was refused: killed in between, the entry says so. */
  during<T>(intent: AuditIntent, work: () => Promise<Audited<T>>): Promise<T>;
  /** The newest entries first, at most so many. */
  list(limit: number): Promise<readonly AuditEntry[]>;
  /** Removes entries older than a year; how many. */
  forget(): Promise<number>;
}

const DAY_MS = 86_400_000;
const KEPT_MONTHS = 12;
/** Retention runs daily; further back than this nothing is left, unless it stood still for a year. */
const LOOK_BACK_MONTHS = 24;
/** A table's text column takes 32,768 characters; a reader wants far fewer. */
const LONGEST_TEXT = 2_000;
/** Sorts after every time. */
const END = '~';

const columns = z.object({
  at: z.string(),
  by: z.string(),
  action: z.string(),
  selection: z.string().default(''),
  reason: z.string().default(''),
  count: z.number().default(0),
  results: z
    .string()
    .default('{}')
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.string(), z.number())),
  endedAt: z.string().default(''),
});

/** A partition per month (`2026-11`), so that a list and the retention each name the partitions they read. */
const partitionOf = (time: number, monthsBack = 0): string => {
  const date = new Date(time);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - monthsBack)).toISOString().slice(0, 7);
};

export function createAudit({ rows, now }: { readonly rows: Rows; readonly now: () => number }): Audit {
  const iso = (): string => new Date(now()).toISOString();
  return {
    async during(intent, work) {
      const at = iso();
      const address = { partitionKey: partitionOf(now()), rowKey: `${at}|${randomUUID()}` };
      const { by, action, selection, reason } = intent;
      const etag = await rows.insert(address, {
        at,
        by,
        action,
        selection: shorten(selection),
        reason: shorten(reason),
      });
      const end = (count: number, results: AuditResult['results']) =>
        rows.merge(address, { count, results: JSON.stringify(results), endedAt: iso() }, etag);
      try {
        const { value, count, results } = await work();
        await end(count, results);
        return value;
      } catch (error) {
        // Refused, with a reason: that is an end, too.
        if (error instanceof Failure) await end(0, { [error.code]: 1 });
        throw error;
      }
    },

    async list(limit) {
      const read = async (back: number, from: string): Promise<AuditEntry[]> => {
        const found: AuditEntry[] = [];
        for await (const entity of rows.range(partitionOf(now(), back), from, END)) found.push(columns.parse(entity));
        return found.reverse();
      };
      // The newest are wanted, and a range begins with the oldest: the last day is looked at first, then the last week.
      for (const days of [1, 7]) {
        const recent = await read(0, new Date(now() - days * DAY_MS).toISOString());
        if (recent.length >= limit) return recent.slice(0, limit);
      }
      const entries: AuditEntry[] = [];
      for (let back = 0; back <= KEPT_MONTHS && entries.length < limit; back += 1)
        entries.push(...(await read(back, '')));
      return entries.slice(0, limit);
    },

    async forget() {
      const yearAgo = new Date(now());
      yearAgo.setUTCFullYear(yearAgo.getUTCFullYear() - 1);
      let forgotten = 0;
      for (let back = KEPT_MONTHS; back <= LOOK_BACK_MONTHS; back += 1) {
        const partitionKey = partitionOf(now(), back);
        for await (const { rowKey = '' } of rows.range(partitionKey, '', yearAgo.toISOString(), { select: [] })) {
          await rows.remove({ partitionKey, rowKey });
          forgotten += 1;
        }
      }
      return forgotten;
    },
  };
}

const shorten = (text: string): string => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text);
