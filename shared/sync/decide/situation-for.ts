import {
  sameName,
  companyNameKey,
  type ContactValues,
  type CustomerValues,
  type OrganizationNumber,
} from '../../record/index.ts';
import type { AssociateRow, Selector } from '../../erp/index.ts';
import type { Settings } from '../../settings.ts';
import { flowsOf, type FieldFlows } from './field-flows.ts';
import { externalIdOf, externalIdPrefix } from './numbers.ts';
import type { Lookups } from './lookups.ts';
import { ownershipOf } from './ownership.ts';
import { phoneColumnIn } from './row-texts.ts';
import { checkParent } from './parent-of.ts';
import type { Situation } from './situation.ts';
import type { Subject } from './subject.ts';
import { Personal } from '../../privacy/index.ts';

/**
 * Everything the decision rests on: one look at the ERP, and the claims on what it found.
 *
 * @throws Failure `link.not-found` or `match.conflict` when a contact's customer is named by a number that is none
 */
export async function situationFor(lookups: Lookups, settings: Settings, subject: Subject): Promise<Situation> {
  const { order, keepsErp = [], ref, values, hashes, state, link, parentNo, parentIsKnown } = subject;
  const externalId = externalIdOf(settings, ref);
  const prefix = externalIdPrefix(settings);
  // Both reads share one request.
  const [rows] = await Promise.all([
    lookups.find(selectorFor(subject, settings, externalId)),
    parentIsKnown || parentNo === null ? null : checkParent(lookups, parentNo),
  ]);
  const owners = await Promise.all(
    rows
      .filter((row) => isAskedAbout(row, subject, externalId, prefix))
      .map(async (row) => [row.associateNo, await ownershipOf(lookups, settings, ref, row)] as const),
  );
  const ownership = new Map(owners);
  const linked = rows.find(({ associateNo }) => associateNo === link?.associateNo);
  const hasPhone = !('companyName' in values) && values.phoneNumber !== undefined;
  const phoneColumn = linked && hasPhone ? await phoneColumnIn(lookups.hash, state, linked) : undefined;
  const flows = linked && (await flowsIn(lookups, settings, subject, linked));
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
    keepsErp: order === 'link' ? keepsErp : [],
    isEmptied: state.emptied,
    ...(phoneColumn !== undefined && { phoneColumn }),
    linkIsNew: state.linkIsNew,
    isChanged: (field) => hashes[field] !== state.hashes[field],
    ...(flows !== undefined && { flows }),
    parentNo,
    deletionMark: settings.NXT_ON_CUSTOMER_DELETED === 'mark' ? settings.NXT_CUSTOMER_DELETED_MARK : '',
  };
}

/** What comes back, or is linked for the first time, has nothing that was in sync. */
async function flowsIn(
  { hash }: Lookups,
  settings: Settings,
  { ref, values, hashes, state }: Subject,
  row: AssociateRow,
): Promise<FieldFlows | undefined> {
  const isNew = state.linkIsNew || state.emptied || state.deletedAt !== '';
  if (settings.ERP_TO_CRM === 'off' || isNew) return undefined;
  return flowsOf({ hash, owners: settings.FIELD_OWNER }, ref.kind, state, { values, hashes }, row);
}

/** Storage is asked for each: only for rows that the record could be linked to. */
function isAskedAbout(
  row: AssociateRow,
  { values, link }: Subject,
  externalId: string | null,
  prefix: string,
): boolean {
  const hasOtherId = row.externalId !== externalId && row.externalId.startsWith(prefix);
  if (link !== null) return hasOtherId || row.associateNo !== link.associateNo;
  if ('companyName' in values) return row.contactFor === 0 && row.deliverTo === 0;
  const isNamed = row.associateNo === values.actorNumber || row.externalId === externalId;
  // A customer's contacts are many.
  return isNamed || sameName(row.name.reveal(), values.name.reveal());
}

/**
 * What the ERP is asked for, in one read. A linked record needs its own row, and those that have the organisation
 * number which comes to it; any other every row that it may be, and those that its numbers name.
 */
function selectorFor(subject: Subject, settings: Settings, externalId: string | null): Selector {
  const { values, link } = subject;
  const associateNo = link?.associateNo ?? values.actorNumber;
  return {
    ...(externalId !== null && { externalId }),
    ...(associateNo !== undefined && { associateNo }),
    ...('companyName' in values ? customerKeys(subject, values, settings) : contactKeys(subject, values)),
  };
}

function customerKeys(subject: Subject, values: CustomerValues, settings: Settings): Selector {
  const { customerNumber, organizationNumber, companyName } = values;
  if (subject.link !== null) return mayWriteNumber(subject, settings) ? organizationKey(organizationNumber) : {};
  return {
    ...(customerNumber !== undefined && { customerNo: customerNumber }),
    ...organizationKey(organizationNumber),
    ...(settings.NXT_SAME_NAME === 'ask' && subject.order === '' && { nameLike: nameAlone(companyName) }),
  };
}

/** Without legal form. Short words may be initials, which the row may have apart (`B & B Bygg`, `BB Bygg`). */
function nameAlone(name: Personal): Personal {
  const words = companyNameKey(name.reveal()).split(' ');
  const apart = words.map((word) => (words.length > 1 && word.length <= 3 ? Array.from(word).join(' ') : word));
  return new Personal(apart.join(' '));
}

/** Before an organisation number is written into a row, it must be known whether another row has it. */
function mayWriteNumber({ hashes, state, order }: Subject, { NXT_ERP_EDITS }: Settings): boolean {
  const isChanged = hashes['organizationNumber'] !== state.hashes['organizationNumber'];
  return order === '' && (isChanged || state.linkIsNew || NXT_ERP_EDITS === 'overwrite');
}

function organizationKey(number: OrganizationNumber | undefined): Selector {
  if (number?.digits) return { organizationDigits: number.digits };
  return number?.key ? { organizationText: number.key } : {};
}

/** A customer's contacts are many: only those that may be the person are read. */
function contactKeys({ link, parentNo }: Subject, { name, emailAddress }: ContactValues): Selector {
  if (link !== null || parentNo === null || parentNo <= 0) return {};
  return { contactLike: { of: parentNo, name, ...(emailAddress && { emailAddress }) } };
}
