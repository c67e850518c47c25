import * as z from 'zod';
import type { RecordRef } from '../record/index.ts';
import {
  refColumns,
  count,
  text,
  flag,
  json,
  type Entity,
  type Stored,
  read,
  refOf,
  NEVER,
  associate,
  customer,
} from './row.ts';
import type { StateRow } from './state-row.ts';

/**
 * What is owed for a record: saved with the state, paid at once, and by the sweep if that did not happen. `look`: its row
 * in the ERP may have changed there; `fields`: values of the ERP's that the CRM is to have.
 */
export type OutboxKind = 'wake' | 'writeback' | 'poison' | 'look' | 'fields';

export interface OutboxRow {
  readonly ref: RecordRef;
  readonly what: OutboxKind;
  readonly dueAt: string;
  readonly attempts: number;
  readonly since: string;
  /** A write-back that carries the wake with it: one row for all that a first link owes. */
  readonly wakes: boolean;
  /** The CRM refused the numbers before these, and the record is listed for it. */
  readonly listed: boolean;
  /** What the CRM is to be told, as it was when this became owed; null: what the state says when it is sent. */
  readonly numbers: RecordNumbers | null;
}

/** The ERP's numbers of one record, as its CRM is told them. */
export type RecordNumbers = Pick<StateRow, 'associateNo' | 'customerNo' | 'parentNo'>;

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
