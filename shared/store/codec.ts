import type { TableEntityResult } from '@azure/data-tables';
import * as z from 'zod';
import type { AssociateNo, CrmId, CustomerNo, Kind, RecordRef } from '../record/index.ts';
import { NEVER } from './time.ts';
import {
  NO_WAY_BACK,
  UnreadableRow,
  type OutboxRow,
  type FailedRow,
  type FieldsRow,
  type Kept,
  type PendingMoves,
  type PendingRow,
  type StateRow,
  type Stored,
  type WayBack,
} from './rows.ts';
import { DUE, failedWith, PENDING_STATUSES, PLANNED, WAITING, type PendingStatus, type Standing } from './standing.ts';

// Rows as the table holds them: zod at the border, both ways.

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

const hashes = z.record(z.string(), z.string());
const bothHashes = { crm: z.string(), erp: z.string() };
const openFields = z.record(
  z.string(),
  z.object({ ...bothHashes, is: z.enum(['conflict', 'to-crm', 'held', 'refused', 'unfit']), since: z.string() }),
);
const wayBack = z.object({
  erp: hashes,
  inDoubt: z.record(z.string(), z.object({ ...bothHashes, sent: z.array(z.string()) })).default({}),
  sent: z.record(
    z.string(),
    z.object({
      value: z.string(),
      replaced: z.array(z.string()),
      id: z.string(),
      isTried: z.boolean(),
      tried: z.object({ key: z.string(), version: z.number().nullable(), at: z.string() }).nullable().default(null),
      isWithdrawn: z.boolean().default(false),
      isReleased: z.boolean().default(false),
      answeredAt: z.string(),
    }),
  ),
  open: openFields,
  ignored: z.record(z.string(), z.object(bothHashes)),
  phoneColumn: z.enum(['', 'phone', 'mobilePhone']),
});

const stateColumns = z.object({
  ...refColumns,
  leaseOwner: text,
  leaseUntil: text,
  leaseEpoch: count,
  crashes: count,
  associateNo: count,
  customerNo: count,
  parentNo: count,
  formerParentNo: count,
  createdHere: flag,
  linkIsNew: flag,
  emptied: flag,
  applied: json(orderKey.nullable()),
  appliedSeen: json(z.array(z.string()).nullable()),
  deletedAt: text,
  mergedInto: text,
  hashes: json(z.record(z.string(), z.string()).nullable()),
  intent: json(
    z.object({ kind: z.enum(['create', 'update', 'delete']), at: z.string(), revision: z.string() }).nullable(),
  ),
  lastWriteAt: text,
  numbersOwed: text,
  untold: flag,
  wayBack: json(wayBack.nullable()),
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

export const outboxColumns = z.object({
  ...refColumns,
  what: z.enum(['wake', 'writeback', 'poison', 'look', 'fields']),
  dueAt: z.string(),
  attempts: count,
  since: text,
  wakes: flag,
  listed: flag,
  numbers: json(
    z
      .object({
        associateNo: z.number().nullable(),
        customerNo: z.number().nullable(),
        parentNo: z.number().nullable(),
      })
      .nullable(),
  ),
});

export type Entity = TableEntityResult<Record<string, unknown>>;

/** @throws UnreadableRow, whose text has nothing of the row's content, as zod's would. */
function read<Columns extends z.ZodType>(columns: Columns, entity: Entity): z.infer<Columns> {
  try {
    return columns.parse(entity);
  } catch {
    throw new UnreadableRow(entity);
  }
}

const refOf = (row: { kind: Kind; crmId: string }): RecordRef => ({ kind: row.kind, crmId: row.crmId as CrmId });
const customer = (no: number): CustomerNo | null => (no === 0 ? null : (no as CustomerNo));
const associate = (no: number): AssociateNo | null => (no === 0 ? null : (no as AssociateNo));

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

export function toState(entity: Entity): Stored<StateRow> {
  const row = read(stateColumns, entity);
  return {
    etag: entity.etag,
    row: {
      ref: refOf(row),
      leaseOwner: row.leaseOwner,
      leaseUntil: row.leaseUntil,
      leaseEpoch: row.leaseEpoch,
      crashes: row.crashes,
      associateNo: associate(row.associateNo),
      customerNo: customer(row.customerNo),
      parentNo: associate(row.parentNo),
      formerParentNo: associate(row.formerParentNo),
      createdHere: row.createdHere,
      linkIsNew: row.linkIsNew,
      emptied: row.emptied,
      applied: row.applied,
      appliedSeen: row.appliedSeen ?? [],
      deletedAt: row.deletedAt,
      mergedInto: row.mergedInto as CrmId | '',
      hashes: row.hashes ?? {},
      intent: row.intent,
      lastWriteAt: row.lastWriteAt,
      ...numbersFrom(row),
      wayBack: row.wayBack ?? NO_WAY_BACK,
      failed: row.failed,
      saveId: row.saveId,
    },
  };
}

/** The column is `untold`, as older versions wrote it; the oldest say `untold 101/10001/0` in one. */
const OLD_PREFIX = 'untold ';

function numbersFrom({ numbersOwed, untold }: { numbersOwed: string; untold: boolean }) {
  return numbersOwed.startsWith(OLD_PREFIX)
    ? { numbersOwed: numbersOwed.slice(OLD_PREFIX.length), awaitsCrmUrl: true }
    : { numbersOwed, awaitsCrmUrl: untold };
}

export function fromState({
  ref,
  associateNo,
  customerNo,
  parentNo,
  formerParentNo,
  applied,
  appliedSeen,
  hashes,
  intent,
  wayBack: known,
  awaitsCrmUrl,
  ...rest
}: StateRow) {
  return {
    ...ref,
    associateNo: associateNo ?? 0,
    customerNo: customerNo ?? 0,
    parentNo: parentNo ?? 0,
    formerParentNo: formerParentNo ?? 0,
    applied: JSON.stringify(applied),
    appliedSeen: JSON.stringify(appliedSeen),
    hashes: JSON.stringify(hashes),
    intent: JSON.stringify(intent),
    wayBack: JSON.stringify(isNothing(known) ? null : known),
    untold: awaitsCrmUrl,
    ...rest,
  };
}

const isNothing = (known: WayBack): boolean => JSON.stringify(known) === JSON.stringify(NO_WAY_BACK);

export const fieldsColumns = z.object({ ...refColumns, open: json(openFields) });

export function toFields(entity: Entity): Stored<FieldsRow> {
  const { open, ...ref } = read(fieldsColumns, entity);
  return { etag: entity.etag, row: { ref: refOf(ref), open } };
}

export const fromFields = ({ ref, open }: FieldsRow): Record<string, unknown> => ({
  ...ref,
  open: JSON.stringify(open),
});

export function toFailed(entity: Entity): Stored<FailedRow> {
  const { kind, crmId, candidates, pointers, ...rest } = read(failedColumns, entity);
  return {
    etag: entity.etag,
    row: { ref: refOf({ kind, crmId }), candidates: candidates ?? [], pointers: pointers ?? [], ...rest },
  };
}

export function fromFailed({ ref, candidates, pointers, ...rest }: FailedRow): Record<string, unknown> {
  return { ...ref, candidates: JSON.stringify(candidates), pointers: JSON.stringify(pointers), ...rest };
}

export function toOutbox(entity: Entity): Stored<OutboxRow> {
  const { kind, crmId, listed, numbers, ...rest } = read(outboxColumns, entity);
  return {
    etag: entity.etag,
    row: {
      ref: refOf({ kind, crmId }),
      ...rest,
      // Before there was the column, this alone said it.
      listed: listed || rest.dueAt === NEVER,
      numbers: numbers && {
        associateNo: associate(numbers.associateNo ?? 0),
        customerNo: customer(numbers.customerNo ?? 0),
        parentNo: associate(numbers.parentNo ?? 0),
      },
    },
  };
}

/** What a save knows of an entry; the rest stays as it is. */
export function fromOutbox({
  ref,
  numbers,
  ...rest
}: Omit<OutboxRow, 'listed' | 'wakes'> & Partial<OutboxRow>): Record<string, unknown> {
  return { ...ref, numbers: JSON.stringify(numbers), ...rest };
}
