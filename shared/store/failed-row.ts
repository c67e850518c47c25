import * as z from 'zod';
import type { RecordRef } from '../record/index.ts';
import { refColumns, text, json, type Entity, type Stored, read, refOf } from './row.ts';

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

export const emptyFailed: Omit<FailedRow, 'ref' | 'code' | 'since' | 'lastAt'> = {
  detail: '',
  candidates: [],
  pointers: [],
  count: 1,
  pointerId: '',
  pointerReceipt: '',
  replayedAt: '',
};

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
