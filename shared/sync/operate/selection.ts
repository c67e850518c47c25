import { createHash } from 'node:crypto';
import type { RecordRef } from '../../record/index.ts';
import { iso, refText, type FailedRow } from '../../store/index.ts';

/** Which records: all that every given condition fits. */
export interface Selection {
  readonly refs?: readonly RecordRef[];
  readonly code?: string;
  /** In this state for at least so many hours. */
  readonly olderThanHours?: number;
}

/** What a selection looks at. */
export interface Selectable {
  readonly ref: RecordRef;
  readonly code: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** Whether a record is among those selected. */
export function selects({ refs, code, olderThanHours = 0 }: Selection, now: number): (row: Selectable) => boolean {
  const wanted = refs && new Set(refs.map(refText));
  const before = iso(now - olderThanHours * 3_600_000);
  return (row) =>
    (!wanted || wanted.has(refText(row.ref))) && (code === undefined || row.code === code) && row.since <= before;
}

const collator = new Intl.Collator('en', { numeric: true });

/** Customers before contacts, `C-2` before `C-10`. */
export const byRecord = (a: RecordRef, b: RecordRef): number =>
  (a.kind === b.kind ? 0 : a.kind === 'customer' ? -1 : 1) || collator.compare(a.crmId, b.crmId);

/**
 * Stands for exactly these failures as they are now: a bulk act that carries the mark of what its caller saw is refused
 * when something has come, gone or failed anew since.
 */
export function etagOf(rows: readonly Pick<FailedRow, 'ref' | 'code' | 'lastAt' | 'replayedAt'>[]): string {
  const hash = createHash('sha256');
  for (const { ref, code, lastAt, replayedAt } of rows.toSorted((a, b) => byRecord(a.ref, b.ref))) {
    hash.update(`${refText(ref)}\n${code}\n${lastAt}\n${replayedAt}\n`);
  }
  return hash.digest('base64url').slice(0, 22);
}

/** `customer:C-1001`, as people write it. */
export const recordText = ({ kind, crmId }: RecordRef): string => `${kind}:${crmId}`;

/** For the audit entry. */
export function selectionText({ refs, code, olderThanHours }: Selection): string {
  const parts = [
    ...(refs ?? []).map(recordText),
    ...(code === undefined ? [] : [`code ${code}`]),
    ...(olderThanHours === undefined ? [] : [`older than ${olderThanHours} h`]),
  ];
  return parts.length === 0 ? 'all' : parts.join(', ');
}
