import {
  sameName,
  type AssociateNo,
  type ContactValues,
  type CustomerValues,
  type RecordRef,
} from '../../record/index.ts';
import type { Order, StateRow } from '../../store/index.ts';
import type { AssociateRow, Selector } from '../../erp/index.ts';
import type { Settings } from '../../settings.ts';
import { externalIdOf, externalIdPrefix } from './external-id.ts';
import type { Lookups } from './lookups.ts';
import { ownershipOf } from './ownership.ts';
import { checkParent } from './parent-of.ts';
import type { Situation } from './situation.ts';

/** What is known of a record, as far as decisions rest on it. */
export type KnownState = Pick<
  StateRow,
  | 'associateNo'
  | 'customerNo'
  | 'parentNo'
  | 'linkIsNew'
  | 'emptied'
  | 'deletedAt'
  | 'mergedInto'
  | 'hashes'
  | 'intent'
  | 'failed'
  | 'applied'
  | 'appliedSeen'
>;

/** One record that something is to be decided about. */
export interface Subject {
  readonly ref: RecordRef;
  readonly values: CustomerValues | ContactValues;
  /** Keyed hash of each managed field of `values`. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly state: KnownState;
  /** The link that counts: the state's, unless it is to be made anew. */
  readonly link: Situation['link'];
  /** What a person settled about it. */
  readonly order: Order;
  /** Contacts: the customer's row. */
  readonly parentNo: AssociateNo | null;
  /** The ledger vouches for the customer's row; else it must be found, and be a customer. */
  readonly parentIsKnown: boolean;
}

/**
 * Everything the decision rests on: one look at the ERP, and the claims on what it found.
 *
 * @throws Failure `link.not-found` or `match.conflict` when a contact's customer is named by a number that is none
 */
export async function situationFor(lookups: Lookups, settings: Settings, subject: Subject): Promise<Situation> {
  const { order, ref, values, hashes, state, link, parentNo, parentIsKnown } = subject;
  const externalId = externalIdOf(settings, ref);
  const prefix = externalIdPrefix(settings);
  // Both reads share one request.
  const [rows] = await Promise.all([
    lookups.find(selectorFor(subject, externalId)),
    parentIsKnown || parentNo === null ? null : checkParent(lookups, parentNo),
  ]);
  const owners = await Promise.all(
    rows
      .filter((row) => isAskedAbout(row, subject, externalId, prefix))
      .map(async (row) => [row.associateNo, await ownershipOf(lookups, settings, ref, row)] as const),
  );
  const ownership = new Map(owners);
  return {
    ref,
    values,
    policy: settings,
    externalId,
    externalIdPrefix: prefix,
    link,
    rows,
    isTaken: (no) => ownership.get(no) === 'anothers',
    isFree: (no) => ownership.get(no) === 'free',
    isSettled: order !== '',
    linkIsNew: state.linkIsNew,
    isChanged: (field) => hashes[field] !== state.hashes[field],
    parentNo,
    deletionMark: settings.NXT_ON_CUSTOMER_DELETED === 'mark' ? settings.NXT_CUSTOMER_DELETED_MARK : '',
  };
}

/** Storage is asked for each: only for rows that the record could be linked to. */
function isAskedAbout(
  row: AssociateRow,
  { values, link }: Subject,
  externalId: string | null,
  prefix: string,
): boolean {
  if (link !== null) return row.externalId !== externalId && row.externalId.startsWith(prefix);
  if ('companyName' in values) return row.contactFor === 0 && row.deliverTo === 0;
  const isNamed = row.associateNo === values.actorNumber || row.externalId === externalId;
  // A customer's contacts are many.
  return isNamed || sameName(row.name.reveal(), values.name.reveal());
}

/** A linked record needs its own row; any other every row that it may be, and those that its numbers name. */
function selectorFor({ values, link, parentNo }: Subject, externalId: string | null): Selector {
  const associateNo = link?.associateNo ?? values.actorNumber;
  return {
    ...(externalId !== null && { externalId }),
    ...(associateNo !== undefined && { associateNo }),
    ...(link === null && 'companyName' in values && customerKeys(values)),
    ...(link === null && parentNo !== null && { contactsOf: parentNo }),
  };
}

function customerKeys({ customerNumber, organizationNumber }: CustomerValues): Selector {
  const digits = organizationNumber?.digits ?? null;
  return {
    ...(customerNumber !== undefined && { customerNo: customerNumber }),
    ...(digits !== null && { organizationDigits: digits }),
  };
}
