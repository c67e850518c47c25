import * as z from 'zod';
import type { RecordRef, OrderKey } from '../record/index.ts';
import { refColumns, json, orderKey, text, count, flag, type Entity, type Stored, read, refOf } from './row.ts';

/**
 * - `due`: to be tried, by a message that is on its way or by the sweep;
 * - `waiting`: tried, and put off: for its customer, or until a time;
 * - `planned`: decided in plan mode, and not written;
 * - `failed`: listed for a person.
 */
type PendingStatus = (typeof PENDING_STATUSES)[number];

const PENDING_STATUSES = ['due', 'waiting', 'planned', 'failed'] as const;

/** The two columns that say where a pending change stands; they are only moved together. */
type Standing =
  | { readonly status: Exclude<PendingStatus, 'failed'>; readonly failure: '' }
  | { readonly status: 'failed'; readonly failure: string };

export const DUE: Standing = { status: 'due', failure: '' };

export const WAITING: Standing = { status: 'waiting', failure: '' };

export const PLANNED: Standing = { status: 'planned', failure: '' };

export const failedWith = (failure: string): Standing => ({ status: 'failed', failure });

/** Work to be done, now or later: neither planned nor for a person. */
export const isOpen = ({ status }: { readonly status: PendingStatus }): boolean =>
  status === 'due' || status === 'waiting';

/**
 * The newest unapplied state of a record. Intake writes it; the lease's holder and the sweep only move its times and its
 * status; it is deleted once applied. The one row with personal data.
 */
export interface PendingRow {
  readonly ref: RecordRef;
  readonly key: OrderKey;
  /** Event ids seen at this very key: a late repeat of any of them is not a change. */
  readonly seen: readonly string[];
  /** `toStored(body)`; `''` once expired, and in lists. */
  readonly body: string;
  /** Tells one intake write from another. */
  readonly revision: string;
  readonly receivedAt: string;
  /** From when the sweep sends a message, should none have led to anything. */
  readonly dueAt: string;
  /** No attempt before this time (own delay, doubt, folding of bursts); `''` when none. */
  readonly notBefore: string;
  readonly status: PendingStatus;
  /** The code it failed with; `''` unless `status` is `failed`. */
  readonly failure: string;
  readonly attempts: number;
  /** Since when it waits for its customer; `''` when it does not. */
  readonly waitingSince: string;
  /** Its values were deleted when their time was over. */
  readonly expired: boolean;
  /** A person let this deletion pass the brake, or the lost link be made anew. */
  readonly released: boolean;
  /** What a person settled; it outlives newer events until one of them is applied. */
  readonly order: Order;
  /** Where the person who linked it said that the ERP's values stay, until the CRM changes one; it lives as long as `order`. */
  readonly keepsErp: Kept;
  /** A person approved what plan mode decided: this state is written although the mode is `plan`. */
  readonly approved: boolean;
  /** Trace id of the request that brought it. */
  readonly traceId: string;
}

/** What may change in a pending row without a new event. The values are not among it, but may be emptied. */
export type PendingMoves = Partial<
  Pick<
    PendingRow,
    | 'dueAt'
    | 'notBefore'
    | 'status'
    | 'failure'
    | 'attempts'
    | 'waitingSince'
    | 'released'
    | 'order'
    | 'keepsErp'
    | 'approved'
    | 'expired'
  > & {
    readonly body: '';
  }
>;

/** Fields whose values stay as the ERP has them, by their names in the change event: every one, or these. */
export type Kept = 'all' | readonly string[];

/**
 * - `link`: the record has the link that a person gave it, whatever numbers the event names;
 * - `create`: it is a record of its own, whatever rows look like it; one without a row gets one.
 */
export type Order = '' | 'link' | 'create';

export const pendingColumns = z.object({
  ...refColumns,
  key: json(orderKey),
  seen: json(z.array(z.string()).nullable()),
  body: text,
  revision: z.string(),
  receivedAt: z.string(),
  dueAt: z.string(),
  notBefore: text,
  status: z.enum(PENDING_STATUSES).optional(),
  failure: text,
  settled: text,
  attempts: count,
  waitingSince: text,
  expired: flag,
  released: flag,
  order: z.enum(['', 'link', 'create']).default(''),
  keepsErp: flag,
  keepsFields: json(z.array(z.string()).nullable()),
  approved: flag,
  traceId: text,
});

export function toPending(entity: Entity): Stored<PendingRow> {
  const { kind, crmId, seen, status, failure, settled, keepsErp, keepsFields, ...rest } = read(pendingColumns, entity);
  const standing = standingOf({ status, failure, settled }, rest);
  const row = { ref: refOf({ kind, crmId }), seen: seen ?? [], keepsErp: keptIn({ keepsErp, keepsFields }), ...rest };
  return { etag: entity.etag, row: { ...row, ...standing } };
}

/** A version that knows no fields lets every value stay where this one keeps some: nothing is lost on the way back. */
const keptIn = ({ keepsErp, keepsFields }: { keepsErp: boolean; keepsFields: readonly string[] | null }): Kept =>
  keepsErp ? (keepsFields ?? 'all') : [];

const keptColumns = (kept: Kept) => ({
  keepsErp: kept === 'all' || kept.length > 0,
  keepsFields: JSON.stringify(kept === 'all' ? null : kept),
});

/**
 * Version 0.1.0 has one column for the status and the code. It is still written, so that going back to that version loses
 * nothing, and where it says something else, that version wrote last.
 */
const settledOf = ({ status, failure }: { status: PendingStatus; failure: string }): string =>
  ({ due: '', waiting: '', planned: 'plan', failed: failure })[status];

function standingOf(
  { status, failure, settled }: { status?: PendingStatus | undefined; failure: string; settled: string },
  { waitingSince, notBefore }: { waitingSince: string; notBefore: string },
): Standing {
  if (status === 'failed' && settled === failure) return { status, failure };
  if (status !== undefined && status !== 'failed' && settled === settledOf({ status, failure })) {
    return { status, failure: '' };
  }
  if (settled === 'plan') return PLANNED;
  if (settled !== '') return failedWith(settled);
  return waitingSince !== '' || notBefore !== '' ? WAITING : DUE;
}

/** Columns that a move sets. */
export const fromMoves = ({ status, failure = '', keepsErp, ...rest }: PendingMoves): Record<string, unknown> => ({
  ...rest,
  ...(keepsErp !== undefined && keptColumns(keepsErp)),
  ...(status !== undefined && { status, failure, settled: settledOf({ status, failure }) }),
});

export function fromPending({ ref, key, seen, keepsErp, ...rest }: PendingRow): Record<string, unknown> {
  const texts = { key: JSON.stringify(key), seen: JSON.stringify(seen), ...keptColumns(keepsErp) };
  return { ...ref, ...texts, ...rest, settled: settledOf(rest) };
}
