import type { CrmReader } from '../crm/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Flow } from '../flow/index.ts';
import type { Ledger, Restrictions, Suppressions, Tombstones } from '../store/index.ts';
import type { Log } from '../log.ts';
import type { Associates } from '../erp/index.ts';
import type { Kind } from '../record/index.ts';
import type { Queues } from '../queues/index.ts';
import type { Settings } from '../settings.ts';
import type { LastPoll } from './way-back/last-poll.ts';

export { iso, NEVER } from '../store/index.ts';

/** Everything the sync acts through; a test passes its own clock and counts. */
export interface SyncDeps {
  readonly settings: Settings;
  readonly ledger: Ledger;
  readonly queues: Queues;
  readonly erp: Associates;
  readonly flow: Flow;
  /** Where events only say that a record changed: reads it. */
  readonly crm?: CrmReader | undefined;
  /** Throws the Failure that stands in the way of every change. */
  readonly probe: () => Promise<void>;
  /** Keyed hash of a field's canonical text. */
  readonly hash: (field: string, text: string) => Promise<string>;
  /** Persons who were erased and must not come back. */
  readonly suppressions: Suppressions;
  /** Records that are kept and not processed. */
  readonly restrictions: Restrictions;
  /** What stays of records that were deleted and forgotten. */
  readonly tombstones: Tombstones;
  /** What was done for people's rights; here only so that they go when their time is over. */
  readonly receipts: { readonly forget: () => Promise<number> };
  /** Counts one change to the CRM; false when the hour has had its share. */
  readonly mayWriteToCrm: () => Promise<boolean>;
  /** Counts one field of the CRM's that people have written to the ERP; false when the hour has had its share. */
  readonly maySettle: () => Promise<boolean>;
  /** Counts one deletion; false when the hour has had its share. */
  readonly mayDelete: () => Promise<boolean>;
  /** Up to when rows that changed in the ERP have been looked for. */
  readonly lastPoll: LastPoll;
  /** Whether the CRM's adapter can write the field. */
  readonly canWriteField: (kind: Kind, field: string) => boolean;
  readonly audit: Audit;
  /** Told of each change that is in the ERP now: milliseconds since it was taken in. */
  readonly onApplied?: (lagMs: number) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
  readonly log: Log;
}
