import type { TableEntityResult } from '@azure/data-tables';
import * as z from 'zod';
import type { AssociateNo, CrmId, CustomerNo, Kind, OrderKey, RecordRef } from '../change/index.ts';

/** Etag and content of a row as read. */
export interface Stored<Row> {
  readonly row: Row;
  readonly etag: string;
}

/**
 * The newest unapplied state of a record. Intake writes it; the lease's holder and the sweep only move its times and
 * settle it; it is deleted once applied. The one row with personal data.
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
  /** Failure code once it waits for a person, `plan` once planned; `''` while it is work to be done. */
  readonly settled: string;
  readonly attempts: number;
  /** Since when it waits for its customer; `''` when it does not. */
  readonly waitingSince: string;
  /** Its values were deleted when their time was over. */
  readonly expired: boolean;
  /** A person let this deletion pass the brake, or the lost link be made anew. */
  readonly released: boolean;
  /** Trace id of the request that brought it. */
  readonly traceId: string;
}

export type Intent = 'create' | 'update' | 'delete';

/** What is known of a record for good. Only the lease's holder writes it. No personal data. */
export interface StateRow {
  readonly ref: RecordRef;
  readonly leaseOwner: string;
  readonly leaseUntil: string;
  /** Raised at each acquisition: the fencing token. */
  readonly leaseEpoch: number;
  readonly associateNo: AssociateNo | null;
  readonly customerNo: CustomerNo | null;
  /** Contacts: the customer's associate number last applied. */
  readonly parentNo: AssociateNo | null;
  /** This program created the ERP row: only then may it delete it. */
  readonly createdHere: boolean;
  /** The link was made, but nothing has been applied through it yet: NXT_FIRST_LINK still holds. */
  readonly linkIsNew: boolean;
  /** The ERP row was emptied after a deletion; it is refilled when the record comes back. */
  readonly emptied: boolean;
  readonly applied: OrderKey | null;
  readonly appliedSeen: readonly string[];
  readonly deletedAt: string;
  /** Field name → keyed hash of the value last applied. */
  readonly hashes: Readonly<Record<string, string>>;
  /** A write was about to be sent and its fate is not yet known. */
  readonly intent: { readonly kind: Intent; readonly at: string; readonly revision: string } | null;
  readonly lastWriteAt: string;
  /** The numbers last owed to the CRM, so that they are owed once. */
  readonly numbersOwed: string;
  /** A failed row exists. */
  readonly failed: boolean;
  /** Tells our own write from another's when an answer was lost. */
  readonly saveId: string;
}

/** Why a record waits for a person. No personal data. */
export interface FailedRow {
  readonly ref: RecordRef;
  readonly code: string;
  readonly detail: string;
  readonly candidates: readonly number[];
  readonly pointers: readonly string[];
  readonly since: string;
  readonly lastAt: string;
  readonly count: number;
  /** The poison queue's message, as far as known: id and pop receipt. */
  readonly pointerId: string;
  readonly pointerReceipt: string;
  /** A person had it tried again, and it has not come to an end yet; `''` otherwise. */
  readonly replayedAt: string;
}

/** What is owed for a record: saved with the state, paid at once, and by the sweep if that did not happen. */
export type DebtKind = 'wake' | 'writeback' | 'poison';

export interface DebtRow {
  readonly ref: RecordRef;
  readonly what: DebtKind;
  readonly dueAt: string;
  readonly attempts: number;
  readonly since: string;
}

const refColumns = { kind: z.enum(['customer', 'contact']), crmId: z.string() };
// One JSON text: a version may be beyond 32 bits, which a table column of this SDK would not take.
const orderKey = z.object({ version: z.number().nullable(), occurredAt: z.string(), eventId: z.string() });
const text = z.string().default('');
const count = z.number().default(0);
const flag = z.boolean().default(false);
const json = <T extends z.ZodType>(inner: T) =>
  z
    .string()
    .default('null')
    .transform((value): unknown => JSON.parse(value))
    .pipe(inner);

export const pendingColumns = z.object({
  ...refColumns,
  key: json(orderKey),
  seen: json(z.array(z.string()).nullable()),
  body: text,
  revision: z.string(),
  receivedAt: z.string(),
  dueAt: z.string(),
  notBefore: text,
  settled: text,
  attempts: count,
  waitingSince: text,
  expired: flag,
  released: flag,
  traceId: text,
});

export const stateColumns = z.object({
  ...refColumns,
  leaseOwner: text,
  leaseUntil: text,
  leaseEpoch: count,
  associateNo: count,
  customerNo: count,
  parentNo: count,
  createdHere: flag,
  linkIsNew: flag,
  emptied: flag,
  applied: json(orderKey.nullable()),
  appliedSeen: json(z.array(z.string()).nullable()),
  deletedAt: text,
  hashes: json(z.record(z.string(), z.string()).nullable()),
  intent: json(
    z.object({ kind: z.enum(['create', 'update', 'delete']), at: z.string(), revision: z.string() }).nullable(),
  ),
  lastWriteAt: text,
  numbersOwed: text,
  failed: flag,
  saveId: text,
});

export const failedColumns = z.object({
  ...refColumns,
  code: z.string(),
  detail: text,
  candidates: json(z.array(z.number()).nullable()),
  pointers: json(z.array(z.string()).nullable()),
  since: z.string(),
  lastAt: z.string(),
  count: z.number(),
  pointerId: text,
  pointerReceipt: text,
  replayedAt: text,
});

export const debtColumns = z.object({
  ...refColumns,
  what: z.enum(['wake', 'writeback', 'poison']),
  dueAt: z.string(),
  attempts: count,
  since: text,
});

export type Entity = TableEntityResult<Record<string, unknown>>;

const refOf = (row: { kind: Kind; crmId: string }): RecordRef => ({ kind: row.kind, crmId: row.crmId as CrmId });
const associate = (no: number): AssociateNo | null => (no === 0 ? null : (no as AssociateNo));

export function toPending(entity: Entity): Stored<PendingRow> {
  const { kind, crmId, seen, ...rest } = pendingColumns.parse(entity);
  return { etag: entity.etag, row: { ref: refOf({ kind, crmId }), seen: seen ?? [], ...rest } };
}

export function fromPending({ ref, key, seen, ...rest }: PendingRow): Record<string, unknown> {
  return { ...ref, key: JSON.stringify(key), seen: JSON.stringify(seen), ...rest };
}

export function toState(entity: Entity): Stored<StateRow> {
  const row = stateColumns.parse(entity);
  return {
    etag: entity.etag,
    row: {
      ref: refOf(row),
      leaseOwner: row.leaseOwner,
      leaseUntil: row.leaseUntil,
      leaseEpoch: row.leaseEpoch,
      associateNo: associate(row.associateNo),
      customerNo: row.customerNo === 0 ? null : (row.customerNo as CustomerNo),
      parentNo: associate(row.parentNo),
      createdHere: row.createdHere,
      linkIsNew: row.linkIsNew,
      emptied: row.emptied,
      applied: row.applied,
      appliedSeen: row.appliedSeen ?? [],
      deletedAt: row.deletedAt,
      hashes: row.hashes ?? {},
      intent: row.intent,
      lastWriteAt: row.lastWriteAt,
      numbersOwed: row.numbersOwed,
      failed: row.failed,
      saveId: row.saveId,
    },
  };
}

export function fromState({
  ref,
  associateNo,
  customerNo,
  parentNo,
  applied,
  appliedSeen,
  hashes,
  intent,
  ...rest
}: StateRow) {
  return {
    ...ref,
    associateNo: associateNo ?? 0,
    customerNo: customerNo ?? 0,
    parentNo: parentNo ?? 0,
    applied: JSON.stringify(applied),
    appliedSeen: JSON.stringify(appliedSeen),
    hashes: JSON.stringify(hashes),
    intent: JSON.stringify(intent),
    ...rest,
  };
}

export function toFailed(entity: Entity): Stored<FailedRow> {
  const { kind, crmId, candidates, pointers, ...rest } = failedColumns.parse(entity);
  return {
    etag: entity.etag,
    row: { ref: refOf({ kind, crmId }), candidates: candidates ?? [], pointers: pointers ?? [], ...rest },
  };
}

export function fromFailed({ ref, candidates, pointers, ...rest }: FailedRow): Record<string, unknown> {
  return { ...ref, candidates: JSON.stringify(candidates), pointers: JSON.stringify(pointers), ...rest };
}

export function toDebt(entity: Entity): Stored<DebtRow> {
  const { kind, crmId, ...rest } = debtColumns.parse(entity);
  return { etag: entity.etag, row: { ref: refOf({ kind, crmId }), ...rest } };
}

export function fromDebt({ ref, ...rest }: DebtRow): Record<string, unknown> {
  return { ...ref, ...rest };
}

export const emptyState = (ref: RecordRef): StateRow => ({
  ref,
  leaseOwner: '',
  leaseUntil: '',
  leaseEpoch: 0,
  associateNo: null,
  customerNo: null,
  parentNo: null,
  createdHere: false,
  linkIsNew: false,
  emptied: false,
  applied: null,
  appliedSeen: [],
  deletedAt: '',
  hashes: {},
  intent: null,
  lastWriteAt: '',
  numbersOwed: '',
  failed: false,
  saveId: '',
});

export const emptyFailed: Omit<FailedRow, 'ref' | 'code' | 'since' | 'lastAt'> = {
  detail: '',
  candidates: [],
  pointers: [],
  count: 1,
  pointerId: '',
  pointerReceipt: '',
  replayedAt: '',
};
