import { holdsNationalId, isNationalIdInstead, type RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import { EMPTIED, type AssociateRow, type RowValues } from '../../erp/index.ts';
import type { Settings } from '../../settings.ts';
import type { StateRow } from '../../store/index.ts';
import { externalIdOf } from './numbers.ts';

/** What a deletion in the CRM does to the record's row. */
export type Removal =
  | { readonly kind: 'keep' }
  | { readonly kind: 'delete' }
  | {
      readonly kind: 'mark' | 'clear';
      readonly wanted: RowValues;
      /** Empties the columns that this program never reads, too. */
      readonly withNeverRead: boolean;
    };

interface Deleted {
  readonly ref: RecordRef;
  readonly state: Pick<StateRow, 'createdHere' | 'emptied'>;
  readonly row: AssociateRow;
  readonly isErasure: boolean;
  /** Rows that point at this one. */
  readonly pointingAt: () => Promise<readonly AssociateRow[]>;
}

/**
 * Customers are kept or marked, contacts emptied, deleted or kept, as the settings say. Only a row that this program
 * made, that has no other role and that nothing points at, is deleted. The attempt and plans decide by this.
 *
 * @throws Failure `deletes.mark-occupied`
 */
export async function decideRemoval(settings: Settings, deleted: Deleted): Promise<Removal> {
  const { ref, state, row, isErasure } = deleted;
  if (ref.kind === 'customer') {
    if (settings.NXT_ON_CUSTOMER_DELETED === 'keep') return { kind: 'keep' };
    if (row.deletionMark !== '' && row.deletionMark !== settings.NXT_CUSTOMER_DELETED_MARK) {
      throw new Failure('deletes.mark-occupied', { candidates: [row.associateNo] });
    }
    return { kind: 'mark', wanted: { deletionMark: settings.NXT_CUSTOMER_DELETED_MARK }, withNeverRead: false };
  }
  if (settings.NXT_ON_CONTACT_DELETED === 'keep') return { kind: 'keep' };
  if (settings.NXT_ON_CONTACT_DELETED === 'delete' && (await isOursAlone(deleted))) return { kind: 'delete' };
  // A person who is also a customer, supplier or employee keeps that role's data; only the contact's link goes.
  const isPerson = hasNoOtherRole(row);
  const wanted = { ...(isPerson ? emptied(row) : { contactFor: 0 }), ...(isErasure && withoutId(settings, ref, row)) };
  // Of the columns that are never read nothing tells whether they are empty already, but that we emptied them.
  return { kind: 'clear', wanted, withNeverRead: isPerson && (isErasure || !state.emptied) };
}

const hasNoOtherRole = ({ customerNo, supplierNo, employeeNo }: AssociateRow): boolean =>
  customerNo === 0 && supplierNo === 0 && employeeNo === 0;

async function isOursAlone({ state, row, pointingAt }: Deleted): Promise<boolean> {
  if (!state.createdHere || !hasNoOtherRole(row)) return false;
  return (await pointingAt()).every((each) => each.associateNo === row.associateNo);
}

/** The column is a company's; some write a person's number into it. */
function emptied({ companyNo }: AssociateRow): RowValues {
  return isNationalIdInstead(companyNo) || holdsNationalId(companyNo) ? { ...EMPTIED, companyNo: '' } : EMPTIED;
}

/** The CRM's id leads to the person as long as the CRM has it; another program's id is not ours to take. */
const withoutId = (settings: Settings, ref: RecordRef, { externalId }: AssociateRow): RowValues =>
  externalId !== '' && externalId === externalIdOf(settings, ref) ? { externalId: '' } : {};
