import { toOutbox } from './outbox-row.ts';
import { toFailed } from './failed-row.ts';
import { toFields } from './way-back-row.ts';
import { toPending } from './pending-row.ts';
import type { Entity } from './row.ts';
import { UnreadableRow, type Stored } from './row.ts';
import type { OutboxRow } from './outbox-row.ts';
import type { FailedRow } from './failed-row.ts';
import type { FieldsRow } from './way-back-row.ts';
import type { PendingRow } from './pending-row.ts';
import type { StateRow } from './state-row.ts';

/** A row as a list gives it: what it is, and what it holds. */
export type Listed =
  | { readonly is: 'outbox'; readonly row: OutboxRow; readonly etag: string }
  | { readonly is: 'failed'; readonly row: FailedRow; readonly etag: string }
  | { readonly is: 'fields'; readonly row: FieldsRow; readonly etag: string }
  | { readonly is: 'pending'; readonly row: PendingRow; readonly etag: string }
  | { readonly is: 'unreadable'; readonly rowKey: string; readonly row: UnreadableRow };

export type ListedState = ({ readonly is: 'state' } & Stored<StateRow>) | Extract<Listed, { is: 'unreadable' }>;

export type ListedKind = Exclude<Listed['is'], 'unreadable'>;

/** How the keys of listed rows begin; those of the outbox say `debt`, as the first version wrote them. */
export const ROW_KEY_PREFIX: Readonly<Record<ListedKind, string>> = {
  outbox: 'debt|',
  failed: 'failed|',
  fields: 'fields|',
  pending: 'pending|',
};

/** @throws UnreadableRow */
export function listed(is: ListedKind, entity: Entity): Listed {
  if (is === 'outbox') return { is, ...toOutbox(entity) };
  if (is === 'fields') return { is, ...toFields(entity) };
  return is === 'failed' ? { is, ...toFailed(entity) } : { is, ...toPending(entity) };
}

/** One bad row must not hide all others from a list. */
export function readable<Found>(read: () => Found): Found | Extract<Listed, { is: 'unreadable' }> {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableRow) return { is: 'unreadable', rowKey: error.rowKey, row: error };
    throw error;
  }
}
