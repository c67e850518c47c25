import { wantedFields, type ContactValues, type CustomerValues, type WantedField } from '../../record/index.ts';
import type { AssociateRow, RowValues } from '../../erp/index.ts';
import { difference, isEmptyIn, withoutEmpty } from './columns-of.ts';
import { matchContact } from './match-contact.ts';
import { matchCustomer } from './match-customer.ts';
import { isLeftBehind } from './match-link.ts';
import type { Decision, LinkRule, Match, Situation } from './situation.ts';

/**
 * What to do about one record: the only place where policy lives. Pure: the same situation gives the same decision,
 * so that plan mode, the import's plan and the real run cannot differ.
 */
export function decide(situation: Situation): Decision {
  const match = matchOf(situation);
  switch (match.kind) {
    case 'refuse':
    case 'gone':
      return match;
    case 'none':
      return { kind: 'create', values: newRow(situation) };
    case 'row': {
      const { row, rule } = match;
      const { values, ref } = situation;
      const needsNumber =
        ref.kind === 'customer' && row.customerNo === 0 && !('customerNumber' in values && values.customerNumber);
      return { kind: 'link', row, rule, values: changesTo(situation, row, rule), needsNumber };
    }
  }
}

const isCustomer = (situation: Situation): situation is Situation<CustomerValues> => situation.ref.kind === 'customer';
const isContact = (situation: Situation): situation is Situation<ContactValues> => situation.ref.kind === 'contact';

function matchOf(situation: Situation): Match {
  if (isCustomer(situation)) return matchCustomer(situation);
  if (isContact(situation)) return matchContact(situation);
  return { kind: 'none' };
}

/** What belongs to the link, not to the CRM's fields: written whatever the policies say. */
function linkColumns(situation: Situation, row: AssociateRow | null): RowValues {
  const { externalId, values, parentNo, ref, isSettled = false } = situation;
  const named = 'customerNumber' in values ? values.customerNumber : undefined;
  // A person let a row be made although another has the number.
  const isInUse = row === null && isSettled && situation.rows.some(({ customerNo }) => customerNo === named);
  const customerNumber = isInUse ? undefined : named;
  return {
    // Somebody else's id in the column stays; the ledger's link does without.
    ...(externalId !== null && (row === null || mayCarryId(situation, row)) && { externalId }),
    ...(customerNumber !== undefined && { customerNo: customerNumber }),
    ...(ref.kind === 'contact' && parentNo !== null && { contactFor: parentNo }),
  };
}

const mayCarryId = (situation: Situation, row: AssociateRow): boolean =>
  row.externalId === '' || isLeftBehind(situation, row);

const columnsOf = (fields: readonly WantedField[]): RowValues =>
  fields.reduce<RowValues>((all, { columns }) => ({ ...all, ...columns }), {});

function newRow(situation: Situation): RowValues {
  return { ...linkColumns(situation, null), ...withoutEmpty(columnsOf(wantedFields(situation.values))) };
}

function changesTo(situation: Situation, row: AssociateRow, rule: LinkRule): RowValues {
  const { policy, isChanged, deletionMark, linkIsNew = false } = situation;
  const mayWrite = (field: string, columns: RowValues): boolean => {
    if (rule === 'link' && !linkIsNew) return policy.NXT_ERP_EDITS === 'overwrite' || isChanged(field);
    if (policy.NXT_FIRST_LINK === 'update') return true;
    return policy.NXT_FIRST_LINK === 'fill' && isEmptyIn(columns, row);
  };
  const fields = wantedFields(situation.values).filter(({ field, columns }) => mayWrite(field, columns));
  const wanted: RowValues = { ...linkColumns(situation, row), ...columnsOf(fields) };
  const isMarked = deletionMark !== '' && row.deletionMark === deletionMark;
  return { ...difference(wanted, row), ...(isMarked && { deletionMark: '' }) };
}
