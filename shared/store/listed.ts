import { toDebt, toFailed, toPending, type Entity } from './codec.ts';
import { UnreadableRow, type DebtRow, type FailedRow, type PendingRow, type StateRow, type Stored } from './rows.ts';

/** A row as a list gives it: what it is, and what it holds. */
export type Listed =
  | { readonly is: 'debt'; readonly row: DebtRow; readonly etag: string }
  | { readonly is: 'failed'; readonly row: FailedRow; readonly etag: string }
  | { readonly is: 'pending'; readonly row: PendingRow; readonly etag: string }
  | { readonly is: 'unreadable'; readonly rowKey: string; readonly row: UnreadableRow };

export type ListedState = ({ readonly is: 'state' } & Stored<StateRow>) | Extract<Listed, { is: 'unreadable' }>;

export type ListedKind = Exclude<Listed['is'], 'unreadable'>;

/** @throws UnreadableRow */
export function listed(is: ListedKind, entity: Entity): Listed {
  if (is === 'debt') return { is, ...toDebt(entity) };
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
