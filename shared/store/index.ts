export { recordOfText, refText } from './keys.ts';
export { createLedger, emptyState, type Ledger, type PendingMoves, type RecordRows } from './ledger.ts';
export type { Listed } from './listed.ts';
export { emptyFailed, UnreadableRow } from './rows.ts';
export type { DebtKind, DebtRow, FailedRow, Intent, Order, PendingRow, StateRow, Stored } from './rows.ts';
export { createSuppressions, type PersonKey, type Suppressions } from './suppressions.ts';
export { createRows, type Rows } from './table.ts';
export { iso, NEVER } from './time.ts';
