import type { AssociateNo, ContactValues, CustomerValues, RecordRef } from '../../record/index.ts';
import { refText, type StateRow } from '../../store/index.ts';
import type { AssociateRow, Selector } from '../../erp/index.ts';
import type { Settings } from '../../settings.ts';
import { externalIdOf, externalIdPrefix } from './external-id.ts';
import type { Lookups } from './lookups.ts';
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
  const { ref, values, hashes, state, link, parentNo, parentIsKnown } = subject;
  const externalId = externalIdOf(settings, ref);
  const prefix = externalIdPrefix(settings);
  // Both reads share one request.
  const [rows] = await Promise.all([
    lookups.find(selectorFor(subject, externalId)),
    parentIsKnown || parentNo === null ? null : checkParent(lookups, parentNo),
  ]);
  // A row with another record's id is that record's, whatever the claims say: a customer's contacts are many.
  const mayBeFree = (row: AssociateRow): boolean =>
    externalId === null || row.externalId === externalId || !row.externalId.startsWith(prefix);
  const asked = link === null ? rows.filter(mayBeFree) : [];
  const holders = await Promise.all(
    asked.map(async ({ associateNo }) => [associateNo, await lookups.holderOf(associateNo)] as const),
  );
  const taken = new Set(holders.filter(([, holder]) => holder !== null && holder !== refText(ref)).map(([no]) => no));
  return {
    ref,
    values,
    policy: settings,
    externalId,
    externalIdPrefix: prefix,
    link,
    rows,
    isTaken: (no) => taken.has(no),
    linkIsNew: state.linkIsNew,
    isChanged: (field) => hashes[field] !== state.hashes[field],
    parentNo,
    deletionMark: settings.NXT_ON_CUSTOMER_DELETED === 'mark' ? settings.NXT_CUSTOMER_DELETED_MARK : '',
  };
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
