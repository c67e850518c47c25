import type { AssociateNo, CrmId, CustomerNo, OrderKey, RecordRef } from '../record/index.ts';
import type { PendingStatus } from './standing.ts';

/** Etag and content of a row as read. */
export interface Stored<Row> {
  readonly row: Row;
  readonly etag: string;
}

/** What storage itself says of a row. */
interface RowMarks {
  readonly partitionKey?: string;
  readonly rowKey?: string;
  readonly etag: string;
  readonly timestamp?: string;
}

/** A row that this version of the program cannot read: another version wrote it, or a hand. Its key is all that is told. */
export class UnreadableRow extends Error {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly etag: string;
  /** When it was last written, by storage's own clock; `''` where storage does not say. */
  readonly writtenAt: string;

  constructor({ partitionKey = '', rowKey = '', etag, timestamp = '' }: RowMarks) {
    super('a row of the ledger cannot be read');
    this.partitionKey = partitionKey;
    this.rowKey = rowKey;
    this.etag = etag;
    this.writtenAt = timestamp;
  }
}

/**
 * The newest unapplied state of a record. Intake writes it; the lease's holder and the sweep only move its times and its
 * status; it is deleted once applied. The one row with personal data.
 */
export interface PendingRow {
  readonly ref: RecordRef;
  readonly key: OrderKey;
  /** Event ids seen at this very key: a late repeat of any of them is not a change. */
  readonly seen: readonly string[];
  /** `toStored(body)`; `''` once expired, and in lists. */
  readonly body: string;
  /** Tells one intake write from another. */
  readonly revision: string;
  readonly receivedAt: string;
  /** From when the sweep sends a message, should none have led to anything. */
  readonly dueAt: string;
  /** No attempt before this time (own delay, doubt, folding of bursts); `''` when none. */
  readonly notBefore: string;
  readonly status: PendingStatus;
  /** The code it failed with; `''` unless `status` is `failed`. */
  readonly failure: string;
  readonly attempts: number;
  /** Since when it waits for its customer; `''` when it does not. */
  readonly waitingSince: string;
  /** Its values were deleted when their time was over. */
  readonly expired: boolean;
  /** A person let this deletion pass the brake, or the lost link be made anew. */
  readonly released: boolean;
  /** What a person settled; it outlives newer events until one of them is applied. */
  readonly order: Order;
  /** Where the person who linked it said that the ERP's values stay, until the CRM changes one; it lives as long as `order`. */
  readonly keepsErp: Kept;
  /** A person approved what plan mode decided: this state is written although the mode is `plan`. */
  readonly approved: boolean;
  /** Trace id of the request that brought it. */
  readonly traceId: string;
}

/** What may change in a pending row without a new event. The values are not among it, but may be emptied. */
export type PendingMoves = Partial<
  Pick<
    PendingRow,
    | 'dueAt'
    | 'notBefore'
    | 'status'
    | 'failure'
    | 'attempts'
    | 'waitingSince'
    | 'released'
    | 'order'
    | 'keepsErp'
    | 'approved'
    | 'expired'
  > & {
    readonly body: '';
  }
>;

/** Fields whose values stay as the ERP has them, by their names in the change event: every one, or these. */
export type Kept = 'all' | readonly string[];

/**
 * - `link`: the record has the link that a person gave it, whatever numbers the event names;
 * - `create`: it is a record of its own, whatever rows look like it; one without a row gets one.
 */
export type Order = '' | 'link' | 'create';

export type Intent = 'create' | 'update' | 'delete';

/** What is known of a record for good. Only the lease's holder writes it. No personal data. */
export interface StateRow {
  readonly ref: RecordRef;
  readonly leaseOwner: string;
  readonly leaseUntil: string;
  /** Raised at each acquisition: the fencing token. */
  readonly leaseEpoch: number;
  /** Leases in a row that ran out without an end: their holders died. */
  readonly crashes: number;
  readonly associateNo: AssociateNo | null;
  readonly customerNo: CustomerNo | null;
  /** Contacts: the customer's associate number last applied. */
  readonly parentNo: AssociateNo | null;
  /** The one before, whose number the CRM may still send. */
  readonly formerParentNo: AssociateNo | null;
  /** This program created the ERP row: only then may it delete it. */
  readonly createdHere: boolean;
  /** The link was made, but nothing has been applied through it yet: NXT_FIRST_LINK still holds. */
  readonly linkIsNew: boolean;
  /** The ERP row was emptied after a deletion; it is refilled when the record comes back. */
  readonly emptied: boolean;
  readonly applied: OrderKey | null;
  readonly appliedSeen: readonly string[];
  readonly deletedAt: string;
  /** The CRM merged the record into this one of the same kind; `''` when it did not. */
  readonly mergedInto: CrmId | '';
  /** Field name → keyed hash of the value last applied. */
  readonly hashes: Readonly<Record<string, string>>;
  /** A write was about to be sent and its fate is not yet known. */
  readonly intent: { readonly kind: Intent; readonly at: string; readonly revision: string } | null;
  readonly lastWriteAt: string;
  /** The numbers last owed to the CRM, so that they are owed once; `''` before there were any. */
  readonly numbersOwed: string;
  /** There was no `CRM_API_URL` to owe them to: they become owed once there is. */
  readonly awaitsCrmUrl: boolean;
  /** What the way back knows. */
  readonly wayBack: WayBack;
  /** A failed row exists. */
  readonly failed: boolean;
  /** Tells our own write from another's when an answer was lost. */
  readonly saveId: string;
}

/** How a field stands between the two systems, by keyed hashes. Per field of the event; most records have none of it. */
export interface WayBack {
  /** What the ERP held when the field was last in sync, where that is not what the CRM held (`hashes`). */
  readonly erp: Readonly<Record<string, string>>;
  /** Fields of an update of the ERP's whose answer has not come: they have no hash in `hashes` meanwhile. */
  readonly inDoubt: Readonly<Record<string, InDoubt>>;
  readonly sent: Readonly<Record<string, SentField>>;
  readonly open: Readonly<Record<string, OpenField>>;
  /** Differences that a person lets be, until either value changes. */
  readonly ignored: Readonly<Record<string, BothHashes>>;
  /** The ERP's column that held the phone number last; `''` when none is known. */
  readonly phoneColumn: '' | 'phone' | 'mobilePhone';
}

export interface BothHashes {
  readonly crm: string;
  readonly erp: string;
}

/** What was last in sync, and what updates may have written since. */
export interface InDoubt extends BothHashes {
  readonly sent: readonly string[];
}

/** A value of the ERP's that the CRM is to have. */
export interface SentField {
  /** Keyed hash of the value. */
  readonly value: string;
  /** What the CRM may still show: what it had, and what was sent before. */
  readonly replaced: readonly string[];
  /** Tells one note from another: the idempotency key is made of it. */
  readonly id: string;
  /** A request with it may have left. */
  readonly isTried: boolean;
  /**
   * How it left first, and leaves until the CRM has said what became of it: its idempotency key, the version it was
   * decided on (null: the CRM has none) and when, ISO 8601. Null: it has not left, or did not arrive.
   */
  readonly tried: { readonly key: string; readonly version: number | null; readonly at: string } | null;
  /** The ERP holds it no more: it is not sent, but the CRM may have taken it. */
  readonly isWithdrawn: boolean;
  /** A person lets it pass, however many changes the hour has had. */
  readonly isReleased: boolean;
  /** When the CRM took it, ISO 8601; `''` while it has not. */
  readonly answeredAt: string;
}

/**
 * A field that is listed: `conflict`: a person says which value it is; `to-crm`: it is not written to the CRM, because
 * nothing is (ERP_TO_CRM) or nobody can; `held`: too many changes to the CRM in an hour; `refused`: the CRM did not
 * take it; `unfit`: the CRM's own fields cannot hold it.
 */
export interface OpenField extends BothHashes {
  readonly is: 'conflict' | 'to-crm' | 'held' | 'refused' | 'unfit';
  readonly since: string;
}

/** The listed fields of one record, in a row of its own for the lists. */
export interface FieldsRow {
  readonly ref: RecordRef;
  readonly open: WayBack['open'];
}

export const NO_WAY_BACK: WayBack = { erp: {}, inDoubt: {}, sent: {}, open: {}, ignored: {}, phoneColumn: '' };

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

export const emptyState = (ref: RecordRef): StateRow => ({
  ref,
  leaseOwner: '',
  leaseUntil: '',
  leaseEpoch: 0,
  crashes: 0,
  associateNo: null,
  customerNo: null,
  parentNo: null,
  formerParentNo: null,
  createdHere: false,
  linkIsNew: false,
  emptied: false,
  applied: null,
  appliedSeen: [],
  deletedAt: '',
  mergedInto: '',
  hashes: {},
  intent: null,
  lastWriteAt: '',
  numbersOwed: '',
  awaitsCrmUrl: false,
  wayBack: NO_WAY_BACK,
  failed: false,
  saveId: '',
});

export const emptyFailed: Omit<FailedRow, 'ref' | 'code' | 'since' | 'lastAt'> = {
  detail: '',
  candidates: [],
  pointers: [],
  count: 1,
  pointerId: '',
  pointerReceipt: '',
  replayedAt: '',
};

/** A field waits for a person to say which value counts. */
export const hasConflict = ({ open }: WayBack): boolean => Object.values(open).some(({ is }) => is === 'conflict');
