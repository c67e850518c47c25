import * as z from 'zod';
import type { RecordRef } from '../record/index.ts';
import { refColumns, json, type Entity, type Stored, read, refOf } from './row.ts';

/** How a field stands between the two systems, by keyed hashes. Per field of the event; most records have none of it. */
export interface WayBack {
  /** What the ERP held when the field was last in sync, where that is not what the CRM held (`hashes`). */
  readonly erp: Readonly<Record<string, string>>;
  /** Fields of an update of the ERP's whose answer has not come: they have no hash in `hashes` meanwhile. */
  readonly inDoubt: Readonly<Record<string, InDoubt>>;
  readonly sent: Readonly<Record<string, SentField>>;
  readonly open: Readonly<Record<string, OpenField>>;
  /** Differences that a person lets be, until either value changes. */
  readonly ignored: Readonly<Record<string, BothHashes>>;
  /** The ERP's column that held the phone number last; `''` when none is known. */
  readonly phoneColumn: '' | 'phone' | 'mobilePhone';
}

export interface BothHashes {
  readonly crm: string;
  readonly erp: string;
}

/** A value of the ERP's that the CRM is to have. */
export interface SentField {
  /** Keyed hash of the value. */
  readonly value: string;
  /** What the CRM may still show: what it had, and what was sent before. */
  readonly replaced: readonly string[];
  /** Tells one note from another: the idempotency key is made of it. */
  readonly id: string;
  /** A request with it may have left. */
  readonly isTried: boolean;
  /**
   * How it left first, and leaves until the CRM has said what became of it: its idempotency key, the version it was
   * decided on (null: the CRM has none) and when, ISO 8601. Null: it has not left, or did not arrive.
   */
  readonly tried: { readonly key: string; readonly version: number | null; readonly at: string } | null;
  /** The ERP holds it no more: it is not sent, but the CRM may have taken it. */
  readonly isWithdrawn: boolean;
  /** A person lets it pass, however many changes the hour has had. */
  readonly isReleased: boolean;
  /** When the CRM took it, ISO 8601; `''` while it has not. */
  readonly answeredAt: string;
}

/**
 * A field that is listed: `conflict`: a person says which value it is; `to-crm`: it is not written to the CRM, because
 * nothing is (ERP_TO_CRM) or nobody can; `held`: too many changes to the CRM in an hour; `refused`: the CRM did not
 * take it; `unfit`: the CRM's own fields cannot hold it.
 */
export interface OpenField extends BothHashes {
  readonly is: 'conflict' | 'to-crm' | 'held' | 'refused' | 'unfit';
  readonly since: string;
}

/** What was last in sync, and what updates may have written since. */
export interface InDoubt extends BothHashes {
  readonly sent: readonly string[];
}

/** The listed fields of one record, in a row of its own for the lists. */
export interface FieldsRow {
  readonly ref: RecordRef;
  readonly open: WayBack['open'];
}

export const NO_WAY_BACK: WayBack = { erp: {}, inDoubt: {}, sent: {}, open: {}, ignored: {}, phoneColumn: '' };

export const hashes = z.record(z.string(), z.string());

const bothHashes = { crm: z.string(), erp: z.string() };

const openFields = z.record(
  z.string(),
  z.object({ ...bothHashes, is: z.enum(['conflict', 'to-crm', 'held', 'refused', 'unfit']), since: z.string() }),
);

export const wayBack = z.object({
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

export const fieldsColumns = z.object({ ...refColumns, open: json(openFields) });

export function toFields(entity: Entity): Stored<FieldsRow> {
  const { open, ...ref } = read(fieldsColumns, entity);
  return { etag: entity.etag, row: { ref: refOf(ref), open } };
}

export const fromFields = ({ ref, open }: FieldsRow): Record<string, unknown> => ({
  ...ref,
  open: JSON.stringify(open),
});
