import { type SandboxClock, systemClock } from './clock.ts';
import type { ColumnKey, RowSeed, TextKey } from './columns.ts';

/**
 * What happens to the rest when one row of a mutation is refused and `onError` is not given. The default of the real
 * service is not known.
 *
 * - `rows`: the good rows are stored.
 * - `fields`: the good fields of the bad row are stored too.
 * - `table`: nothing of that mutation field is stored; always so with `onError: FAIL_TABLE`.
 */
export type RowErrorMode = 'rows' | 'fields' | 'table';

/** What a create's `items` holds when some rows were refused (unverified): nothing, the good rows, or null for the bad. */
export type FailedItems = 'null' | 'compacted' | 'holes';

/** Where TableChange webhooks go, as the Developer Portal and `WebhookSubscription` say it in the real service. */
export interface TableChangeTarget {
  readonly url: string;
  /** The signature key, as the portal shows it. */
  readonly key: string;
  /** How columns are spelled: published samples have `AssociateNo`, the documentation `associateNo` (unverified). */
  readonly keys?: 'PascalCase' | 'camelCase';
}

/** Everything can be left out. A fact that is not verified has a switch, so that a client can be tried both ways. */
export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly companyNo?: number;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Life of a token in seconds; Visma's own number was not seen. */
  readonly tokenSeconds?: number;
  readonly rows?: readonly RowSeed[];
  /** GraphQL names that differ; those of `LiaAct` and `DelToAct` are not known for the real service. */
  readonly names?: Partial<Record<ColumnKey, string>>;
  readonly leaveOut?: readonly ColumnKey[];
  /** Whether the schema's descriptions carry SQL names: verified for 2022, they were reworded in 2024. */
  readonly descriptions?: 'sql' | 'plain';
  /** Where `useModel` has its columns: inside tables, beside them, or nowhere (unverified). */
  readonly model?: 'nested' | 'direct' | 'none';
  /** What an error's path says of an aliased field: its alias, or its name (unverified). */
  readonly errorPaths?: 'alias' | 'field';
  /** The language of messages (unverified that there is another than English). */
  readonly language?: 'en' | 'no';
  /** Whether a request whose client has gone keeps its place in progress for 30 minutes, as the documentation says. */
  readonly keepSlots?: boolean;
  /** Longest time for one request, seconds: 59 by the documentation of 2023. Beyond it nothing is carried out. */
  readonly executionSeconds?: number;
  /** Whether `associate_create` has the argument `suggest`. */
  readonly suggest?: boolean;
  /** Whether mutations have the argument `onError`. */
  readonly onError?: boolean;
  readonly rowErrors?: RowErrorMode;
  readonly failedItems?: FailedItems;
  /** Longest text per column; 80 for names is from the classic documentation, 255 elsewhere is a guess. */
  readonly maxLengths?: Partial<Record<TextKey, number>>;
  readonly overflow?: 'error' | 'truncate';
  /** What `null` does in a text column that has no suggestion of its own. It never means "empty". */
  readonly nullText?: 'error' | 'suggest';
  /** Whether setting `LiaAct` on a new row copies the company's address into an empty one. */
  readonly copyAddressToContact?: boolean;
  /** Whether a row that others point at can be deleted. */
  readonly deleteReferenced?: 'refuse' | 'allow';
  readonly defaultPageSize?: number;
  /** `first` and `last` above this give this many rows and `hasNextPage`. */
  readonly maxPageSize?: number;
  readonly requestsPerMinute?: number;
  readonly maxInProgress?: number;
  readonly maxBatch?: number;
  /** Milliseconds before an operation is carried out; a pair is a range. */
  readonly latencyMs?: Latency;
  /** Seed of the random faults. */
  readonly seed?: number;
  readonly clock?: SandboxClock;
  /** Where TableChange webhooks for Associate go; left out: none are sent. */
  readonly tableChanges?: TableChangeTarget;
}

export type Latency = number | readonly [least: number, most: number];

export type Settings = Required<Omit<SandboxOptions, 'tableChanges'>> & Pick<SandboxOptions, 'tableChanges'>;

export const SANDBOX_COMPANY_NO = 1_234_567;
export const SANDBOX_CLIENT_ID = 'isv_sandbox';
export const SANDBOX_CLIENT_SECRET = 'sandbox-secret';

export const withDefaults = (options: SandboxOptions): Settings => ({
  port: 0,
  companyNo: SANDBOX_COMPANY_NO,
  clientId: SANDBOX_CLIENT_ID,
  clientSecret: SANDBOX_CLIENT_SECRET,
  tokenSeconds: 3600,
  rows: [],
  names: {},
  leaveOut: [],
  descriptions: 'sql',
  model: 'nested',
  errorPaths: 'alias',
  language: 'en',
  keepSlots: false,
  executionSeconds: 59,
  suggest: true,
  onError: true,
  rowErrors: 'rows',
  failedItems: 'null',
  overflow: 'error',
  nullText: 'error',
  copyAddressToContact: false,
  deleteReferenced: 'refuse',
  defaultPageSize: 100,
  maxPageSize: 5000,
  requestsPerMinute: 600,
  maxInProgress: 60,
  maxBatch: 32,
  latencyMs: 0,
  seed: 1,
  clock: systemClock,
  ...options,
  maxLengths: { name: 80, shortName: 80, ...options.maxLengths },
});

export const OTHER_TEXT_LENGTH = 255;
