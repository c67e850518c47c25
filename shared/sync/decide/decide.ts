import {
  followsName,
  isANumber,
  wantedFields,
  type ContactValues,
  type CustomerValues,
  type WantedField,
} from '../../record/index.ts';
import type { AssociateRow, RowValues } from '../../erp/index.ts';
import { difference, isEmptyIn, withoutEmpty } from './row-texts.ts';
import { matchContact } from './match-contact.ts';
import { matchCustomer, othersWithNumber } from './match-customer.ts';
import { isLeftBehind, numbersOf, refuse } from './match-link.ts';
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
    case 'row':
      return linkTo(situation, match.row, match.rule);
  }
}

function linkTo(situation: Situation, row: AssociateRow, rule: LinkRule): Decision {
  const { values, ref, isSettled = false } = situation;
  const changes = changesTo(situation, row, rule);
  if (isCustomer(situation) && changes.companyNo !== undefined && !isSettled) {
    const others = othersWithNumber(situation, row);
    if (others.length > 0) return refuse('match.ambiguous', numbersOf([row, ...others]));
  }
  const needsNumber =
    ref.kind === 'customer' && row.customerNo === 0 && !('customerNumber' in values && values.customerNumber);
  const flows = rule === 'link' ? situation.flows : undefined;
  return { kind: 'link', row, rule, values: changes, needsNumber, ...(flows !== undefined && { flows }) };
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
    // A contact that left its customer is taken off it.
    ...(ref.kind === 'contact' && { contactFor: parentNo ?? 0 }),
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
  const { policy, isChanged, deletionMark, linkIsNew = false, keepsErp = [] } = situation;
  const mayWrite = (field: string, columns: RowValues): boolean => {
    if (keepsErp === 'all' || keepsErp.includes(field)) return false;
    // A field that was not judged is one the snapshot says nothing of.
    if (rule === 'link' && situation.flows) return situation.flows[field]?.verdict === 'to-erp';
    if (rule === 'link' && !linkIsNew) return policy.NXT_ERP_EDITS === 'overwrite' || isChanged(field);
    if (policy.NXT_FIRST_LINK === 'update') return true;
    return policy.NXT_FIRST_LINK === 'fill' && isEmptyIn(columns, row);
  };
  const fields = wantedFields(situation.values)
    .map((each) => inColumnsOf(situation, each))
    .filter(({ field, columns }) => mayWrite(field, columns) && !isWordOverNumber(situation, field, row));
  const wanted: RowValues = { ...linkColumns(situation, row), ...columnsOf(fields) };
  const isMarked = deletionMark !== '' && row.deletionMark === deletionMark;
  const changes = { ...difference(wanted, row), ...(isMarked && { deletionMark: '' }) };
  return { ...changes, ...shortName(situation, changes, row) };
}

/** The phone number stands in whichever column accounting keeps it in. */
function inColumnsOf({ phoneColumn }: Situation, wanted: WantedField): WantedField {
  const { phone, ...rest } = wanted.columns;
  if (phone === undefined || phoneColumn !== 'mobilePhone') return wanted;
  return { field: wanted.field, columns: { ...rest, mobilePhone: phone } };
}

/** What cannot be read as an organisation number is never written over one. */
function isWordOverNumber({ values }: Situation, field: string, row: AssociateRow): boolean {
  if (field !== 'organizationNumber' || !('companyName' in values)) return false;
  return values.organizationNumber?.kind === 'other' && isANumber(row.companyNo);
}

/** The ERP suggests a short name from the name: it follows where it still equals the old one, or went with it. */
function shortName({ isEmptied = false }: Situation, { name }: RowValues, row: AssociateRow): RowValues {
  if (name === undefined) return {};
  const held = row.shortName.reveal();
  const wasEmptied = isEmptied && held.trim() === '';
  return wasEmptied || followsName(held, row.name.reveal()) ? { shortName: name } : {};
}
