export { recordOfText, refText } from './keys.ts';
export { createLedger, emptyState, type Claim, type Ledger, type RecordRows } from './ledger.ts';
export type { Listed } from './listed.ts';
export { emptyFailed, hasConflict, NO_WAY_BACK, UnreadableRow } from './rows.ts';
export type {
  OutboxKind,
  OutboxRow,
  FailedRow,
  BothHashes,
  FieldsRow,
  Intent,
  Kept,
  InDoubt,
  OpenField,
  Order,
  PendingMoves,
  PendingRow,
  RecordNumbers,
  SentField,
  StateRow,
  Stored,
  WayBack,
} from './rows.ts';
export { DUE, failedWith, isOpen, PLANNED, WAITING } from './standing.ts';
export { createRestrictions, type Restrictions } from './restrictions.ts';
export { createSuppressions, type PersonKey, type Suppressions } from './suppressions.ts';
export { createRows, type Rows, type Step } from './table.ts';
export { createTombstones, type Tombstones } from './tombstones.ts';
export { iso, NEVER } from './time.ts';
