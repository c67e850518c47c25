import type { AssociateNo, CustomerValues } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import { refText, type PendingRow } from '../../store/index.ts';
import type { AssociateRow, Selector } from '../../erp/index.ts';
import type { SyncDeps } from '../deps.ts';
import { externalIdOf, externalIdPrefix } from '../decide/external-id.ts';
import type { Lease } from './lease.ts';
import type { Situation } from '../decide/situation.ts';
import type { Wanted } from './wanted.ts';

/** Everything the decision rests on: one read of the ERP, and the ledger's claims on what it found. */
export async function gather(
  deps: SyncDeps,
  lease: Lease,
  { ref }: PendingRow,
  { values, hashes, parentNo, parentIsKnown }: Wanted,
  link: Situation['link'],
): Promise<Situation> {
  const { erp, ledger, settings } = deps;
  const externalId = externalIdOf(settings, ref);
  const selector: Selector = {
    ...(externalId !== null && { externalId }),
    ...(link
      ? { associateNo: link.associateNo }
      : values.actorNumber !== undefined && { associateNo: values.actorNumber }),
    ...(link === null && 'companyName' in values && customerKeys(values)),
    ...(link === null && parentNo !== null && { contactsOf: parentNo }),
  };
  const [rows] = await Promise.all([
    erp.find(selector),
    parentIsKnown || parentNo === null ? null : checkParent(deps, parentNo),
  ]);
  // A row with another record's id is that record's, whatever the claims say: a customer's contacts are many.
  const prefix = externalIdPrefix(settings);
  const mayBeFree = (row: AssociateRow): boolean =>
    externalId === null || row.externalId === externalId || !row.externalId.startsWith(prefix);
  const holders = await Promise.all(
    link === null
      ? rows
          .filter((row) => mayBeFree(row))
          .map(async (row) => [row.associateNo, await ledger.holderOf(row.associateNo)] as const)
      : [],
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
    linkIsNew: lease.state.linkIsNew,
    isChanged: (field) => hashes[field] !== lease.state.hashes[field],
    parentNo,
    deletionMark: settings.NXT_ON_CUSTOMER_DELETED === 'mark' ? settings.NXT_CUSTOMER_DELETED_MARK : '',
  };
}

function customerKeys({ customerNumber, organizationNumber }: CustomerValues): Selector {
  const digits = organizationNumber?.digits ?? null;
  return {
    ...(customerNumber !== undefined && { customerNo: customerNumber }),
    ...(digits !== null && { organizationDigits: digits }),
  };
}

/** A customer that the CRM names by its actor number alone must be one. */
async function checkParent({ erp }: SyncDeps, parentNo: AssociateNo): Promise<void> {
  const [row] = await erp.find({ associateNo: parentNo });
  if (!row) throw new Failure('link.not-found', { candidates: [parentNo] });
  if (row.customerNo === 0) throw new Failure('match.conflict', { candidates: [parentNo] });
}
