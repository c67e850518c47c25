import * as z from 'zod';
import type { RecordRef, AssociateNo, CustomerNo, OrderKey, CrmId } from '../record/index.ts';
import {
  refColumns,
  text,
  count,
  flag,
  json,
  orderKey,
  type Entity,
  type Stored,
  read,
  refOf,
  associate,
  customer,
} from './row.ts';
import { type WayBack, NO_WAY_BACK, wayBack } from './way-back-row.ts';

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

/** A field waits for a person to say which value counts. */
export const hasConflict = ({ open }: WayBack): boolean => Object.values(open).some(({ is }) => is === 'conflict');

const stateColumns = z.object({
  ...refColumns,
  leaseOwner: text,
  leaseUntil: text,
  leaseEpoch: count,
  crashes: count,
  associateNo: count,
  customerNo: count,
  parentNo: count,
  formerParentNo: count,
  createdHere: flag,
  linkIsNew: flag,
  emptied: flag,
  applied: json(orderKey.nullable()),
  appliedSeen: json(z.array(z.string()).nullable()),
  deletedAt: text,
  mergedInto: text,
  hashes: json(z.record(z.string(), z.string()).nullable()),
  intent: json(
    z.object({ kind: z.enum(['create', 'update', 'delete']), at: z.string(), revision: z.string() }).nullable(),
  ),
  lastWriteAt: text,
  numbersOwed: text,
  untold: flag,
  wayBack: json(wayBack.nullable()),
  failed: flag,
  saveId: text,
});

export function toState(entity: Entity): Stored<StateRow> {
  const row = read(stateColumns, entity);
  return {
    etag: entity.etag,
    row: {
      ref: refOf(row),
      leaseOwner: row.leaseOwner,
      leaseUntil: row.leaseUntil,
      leaseEpoch: row.leaseEpoch,
      crashes: row.crashes,
      associateNo: associate(row.associateNo),
      customerNo: customer(row.customerNo),
      parentNo: associate(row.parentNo),
      formerParentNo: associate(row.formerParentNo),
      createdHere: row.createdHere,
      linkIsNew: row.linkIsNew,
      emptied: row.emptied,
      applied: row.applied,
      appliedSeen: row.appliedSeen ?? [],
      deletedAt: row.deletedAt,
      mergedInto: row.mergedInto as CrmId | '',
      hashes: row.hashes ?? {},
      intent: row.intent,
      lastWriteAt: row.lastWriteAt,
      ...numbersFrom(row),
      wayBack: row.wayBack ?? NO_WAY_BACK,
      failed: row.failed,
      saveId: row.saveId,
    },
  };
}

/** The column is `untold`, as older versions wrote it; the oldest say `untold 101/10001/0` in one. */
const OLD_PREFIX = 'untold ';

function numbersFrom({ numbersOwed, untold }: { numbersOwed: string; untold: boolean }) {
  return numbersOwed.startsWith(OLD_PREFIX)
    ? { numbersOwed: numbersOwed.slice(OLD_PREFIX.length), awaitsCrmUrl: true }
    : { numbersOwed, awaitsCrmUrl: untold };
}

export function fromState({
  ref,
  associateNo,
  customerNo,
  parentNo,
  formerParentNo,
  applied,
  appliedSeen,
  hashes,
  intent,
  wayBack: known,
  awaitsCrmUrl,
  ...rest
}: StateRow) {
  return {
    ...ref,
    associateNo: associateNo ?? 0,
    customerNo: customerNo ?? 0,
    parentNo: parentNo ?? 0,
    formerParentNo: formerParentNo ?? 0,
    applied: JSON.stringify(applied),
    appliedSeen: JSON.stringify(appliedSeen),
    hashes: JSON.stringify(hashes),
    intent: JSON.stringify(intent),
    wayBack: JSON.stringify(isNothing(known) ? null : known),
    untold: awaitsCrmUrl,
    ...rest,
  };
}

const isNothing = (known: WayBack): boolean => JSON.stringify(known) === JSON.stringify(NO_WAY_BACK);
