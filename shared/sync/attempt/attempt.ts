import type { PendingRow, Stored } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';
import type { Lease } from './lease.ts';

/** One try on one record, under its lease: what all of its phases share. */
export interface Attempt {
  readonly deps: SyncDeps;
  readonly lease: Lease;
  /** The newest state as it was when the try began. Intake may have put a newer one in its place since. */
  readonly pending: Stored<PendingRow>;
}

/** Work under a record's lease that need not come from an event: a person's, or another record's. */
export type Leased = Pick<Attempt, 'deps' | 'lease'>;
