import { sameName } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import type { Settings } from '../../settings.ts';
import { flowsOf, type FieldFlows } from './field-flows.ts';
import { externalIdOf, externalIdPrefix } from './external-id.ts';
import type { Lookups } from './lookups.ts';
import { ownershipOf } from './ownership.ts';
import { phoneColumnIn } from './phone-column.ts';
import { selectorFor } from './selector-for.ts';
import { checkParent } from './parent-of.ts';
import type { Situation } from './situation.ts';
import type { Subject } from './subject.ts';

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
  const phoneColumn = await phoneColumnIn(lookups, subject, rows);
  const flows = await flowsIn(lookups, settings, subject, rows);
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
  { ref, values, hashes, state, link }: Subject,
  rows: readonly AssociateRow[],
): Promise<FieldFlows | undefined> {
  const isNew = state.linkIsNew || state.emptied || state.deletedAt !== '';
  const row = rows.find(({ associateNo }) => associateNo === link?.associateNo);
  if (settings.ERP_TO_CRM === 'off' || isNew || row === undefined) return undefined;
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
