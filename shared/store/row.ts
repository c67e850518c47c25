import type { TableEntityResult } from '@azure/data-tables';
import * as z from 'zod';
import type { Kind, RecordRef, CrmId, CustomerNo, AssociateNo } from '../record/index.ts';

/** Etag and content of a row as read. */
export interface Stored<Row> {
  readonly row: Row;
  readonly etag: string;
}

/** What storage itself says of a row. */
interface RowMarks {
  readonly partitionKey?: string;
  readonly rowKey?: string;
  readonly etag: string;
  readonly timestamp?: string;
}

/** A row that this version of the program cannot read: another version wrote it, or a hand. Its key is all that is told. */
export class UnreadableRow extends Error {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly etag: string;
  /** When it was last written, by storage's own clock; `''` where storage does not say. */
  readonly writtenAt: string;

  constructor({ partitionKey = '', rowKey = '', etag, timestamp = '' }: RowMarks) {
    super('a row of the ledger cannot be read');
    this.partitionKey = partitionKey;
    this.rowKey = rowKey;
    this.etag = etag;
    this.writtenAt = timestamp;
  }
}

/** Time as the ledger keeps it: ISO 8601, UTC, so that texts compare as times do. */
export const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Later than any sweep: what waits for a person is due then. */
export const NEVER = '9999-12-31T00:00:00.000Z';

// Columns as the table holds them: zod at the border, both ways.

export const refColumns = { kind: z.enum(['customer', 'contact']), crmId: z.string() };

// One JSON text: a version may be beyond 32 bits, which a table column of this SDK would not take.
export const orderKey = z.object({ version: z.number().nullable(), occurredAt: z.string(), eventId: z.string() });

export const text = z.string().default('');

export const count = z.number().default(0);

export const flag = z.boolean().default(false);

export const json = <T extends z.ZodType>(inner: T) =>
  z
    .string()
    .default('null')
    .transform((value): unknown => JSON.parse(value))
    .pipe(inner);

export type Entity = TableEntityResult<Record<string, unknown>>;

/** @throws UnreadableRow, whose text has nothing of the row's content, as zod's would. */
export function read<Columns extends z.ZodType>(columns: Columns, entity: Entity): z.infer<Columns> {
  try {
    return columns.parse(entity);
  } catch {
    throw new UnreadableRow(entity);
  }
}

export const refOf = (row: { kind: Kind; crmId: string }): RecordRef => ({ kind: row.kind, crmId: row.crmId as CrmId });

export const customer = (no: number): CustomerNo | null => (no === 0 ? null : (no as CustomerNo));

export const associate = (no: number): AssociateNo | null => (no === 0 ? null : (no as AssociateNo));
